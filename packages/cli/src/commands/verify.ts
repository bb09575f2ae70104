import type { Command } from '../command.ts';
import { isOn, numberFlag, urlFlag } from '../flag-values.ts';
import { proofLines, prove } from '../proof/index.ts';
import { styleFor } from '../terminal/style.ts';

export const verify: Command = {
  name: 'verify',
  summary: 'the proof alone, against a stack and a Board that run already',
  flags: {
    endpoint: {
      type: 'string',
      value: 'URL',
      help: "the stack's query APIs",
      default: 'http://127.0.0.1:3000',
    },
    board: { type: 'string', value: 'URL', help: "the Board's front end", default: 'http://127.0.0.1:8080' },
    within: { type: 'string', value: 'SECONDS', help: 'how long each signal may take', default: '30' },
    json: { type: 'boolean', help: 'print the proof as one JSON document' },
  },
  notes:
    'Logs in at the Board as admin (password: BOARD_ADMIN_PASSWORD, else admin) and looks for that one request in all\nthree signals. Exit code 0 when all three are there, 1 with what was seen and what to check next when not.',
  run: async (args) => {
    const target = {
      endpoint: urlFlag(args, 'endpoint', 'http://127.0.0.1:3000'),
      board: urlFlag(args, 'board', 'http://127.0.0.1:8080'),
      adminPassword: process.env.BOARD_ADMIN_PASSWORD || 'admin',
      deadlineMs: numberFlag(args, 'within', 30) * 1_000,
    };
    const proof = await prove(target);
    const urls = { console: target.endpoint, board: target.board };
    if (isOn(args, 'json')) console.log(JSON.stringify({ ...proof, urls }, null, 2));
    else console.log(proofLines(proof, styleFor(process.stdout)).join('\n'));
    return proof.ok ? 0 : 1;
  },
};
