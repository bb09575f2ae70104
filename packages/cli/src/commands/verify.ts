import type { Arguments, Command } from '../command.ts';
import { headersFlag, isOn, numberFlag, textFlag, urlFlag } from '../flag-values.ts';
import { trustAuthority } from '../parts/authority.ts';
import { maruAt, proofLines, prove, type Stack } from '../proof/index.ts';
import { styleFor } from '../terminal/style.ts';
import { UserError } from '../user-error.ts';

const defaultEndpoint = 'http://127.0.0.1:3000';
const backends = ['tempo', 'prometheus', 'loki'] as const;

export const verify: Command = {
  name: 'verify',
  summary: 'the proof alone, against a stack and a Board that run already',
  flags: {
    endpoint: { type: 'string', value: 'URL', help: 'Maru: its query APIs', default: defaultEndpoint },
    tempo: { type: 'string', value: 'URL', help: 'another stack: its Tempo, as http://tempo:3200' },
    prometheus: {
      type: 'string',
      value: 'URL',
      help: 'another stack: its Prometheus, or Mimir as http://mimir:9009/prometheus',
    },
    loki: { type: 'string', value: 'URL', help: 'another stack: its Loki, as http://loki:3100' },
    header: {
      type: 'string',
      value: 'K=V',
      repeats: true,
      help: 'a header of the queries, such as "authorization=Bearer KEY" or x-scope-orgid=TENANT; may be given several times',
    },
    ca: {
      type: 'string',
      value: 'FILE',
      help: 'PEM of the authority of the certificates, where it is not one that everybody trusts',
    },
    board: { type: 'string', value: 'URL', help: "the Board's front end", default: 'http://127.0.0.1:8080' },
    within: { type: 'string', value: 'SECONDS', help: 'how long each signal may take', default: '30' },
    json: { type: 'boolean', help: 'print the proof as one JSON document' },
  },
  notes:
    'Logs in at the Board as admin (password: BOARD_ADMIN_PASSWORD, else admin) and looks for that one request in all\nthree signals. Exit code 0 when all three are there, 1 with what was seen and what to check next when not.\n' +
    'A stack of Tempo, Prometheus or Mimir, and Loki is proved alike: --tempo URL --prometheus URL --loki URL.',
  run: async (args) => {
    await trustAuthority(args);
    const target = {
      stack: stackOf(args),
      board: urlFlag(args, 'board', 'http://127.0.0.1:8080'),
      adminPassword: process.env.BOARD_ADMIN_PASSWORD || 'admin',
      deadlineMs: numberFlag(args, 'within', 30) * 1_000,
    };
    const proof = await prove(target);
    if (isOn(args, 'json'))
      console.log(JSON.stringify({ ...proof, urls: urlsOf(target.stack, target.board) }, null, 2));
    else console.log(proofLines(proof, styleFor(process.stdout)).join('\n'));
    return proof.ok ? 0 : 1;
  },
};

/** Maru, or the three others, which are given together: one that is guessed would prove nothing. */
function stackOf(args: Arguments): Stack {
  const missing = backends.filter((name) => textFlag(args, name) === undefined);
  if (missing.length === backends.length)
    return maruAt(urlFlag(args, 'endpoint', defaultEndpoint), headersFlag(args));
  if (textFlag(args, 'endpoint') !== undefined)
    throw new UserError(
      '--endpoint is Maru and --tempo, --prometheus and --loki are another stack; give one of the two',
      2,
    );
  if (missing.length > 0) {
    const flags = missing.map((name) => `--${name} URL`).join(' ');
    throw new UserError(`maru verify of another stack needs ${flags} too`, 2);
  }
  return {
    tempo: urlFlag(args, 'tempo', 'http://127.0.0.1:3200'),
    prometheus: urlFlag(args, 'prometheus', 'http://127.0.0.1:9090'),
    loki: urlFlag(args, 'loki', 'http://127.0.0.1:3100'),
    headers: headersFlag(args),
  };
}

function urlsOf({ maru, tempo, prometheus, loki }: Stack, board: string): Readonly<Record<string, string>> {
  return maru === undefined ? { tempo, prometheus, loki, board } : { console: maru, board };
}
