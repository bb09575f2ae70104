import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '@maru/config/nearest';
import type { Command } from '../command.ts';
import { textFlag } from '../flag-values.ts';
import { repository } from '../paths.ts';
import { runNode } from '../process/run-node.ts';
import { UserError } from '../user-error.ts';

const benchDir = join(repository, 'bench');

export const bench: Command = {
  name: 'bench',
  summary: 'runs a benchmark; without a name it lists them',
  words: '[NAME]',
  flags: {
    peer: {
      type: 'string',
      value: 'otelcol',
      help: 'runs the same load against a program on the path, too, and prints both (ingest)',
    },
  },
  notes: 'What follows -- is handed to the benchmark. Figures and how they were taken: bench/README.md.',
  run: async (args) => {
    const [name, ...rest] = args.words;
    const peer = textFlag(args, 'peer');
    const names = benchNames();
    if (name === undefined) {
      for (const one of names) console.log(`  ${one.padEnd(20)} ${docLine(one)}`.trimEnd());
      return 0;
    }
    if (!names.includes(name)) throw unknownBench(name, names);
    return runNode(join(benchDir, `${name}.ts`), [...rest, ...(peer === undefined ? [] : ['--peer', peer])]);
  },
};

/** Files that stand directly in `bench/` are benchmarks; what they share stands in folders. */
function benchNames(): readonly string[] {
  const files = existsSync(benchDir) ? readdirSync(benchDir) : [];
  const benches = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  return benches.map((file) => file.replace(/\.ts$/, '')).toSorted();
}

/** The first sentence of the file's first doc comment. */
function docLine(name: string): string {
  const comment = /\/\*\*([\s\S]*?)\*\//.exec(readFileSync(join(benchDir, `${name}.ts`), 'utf8'))?.[1] ?? '';
  const text = comment
    .replace(/^\s*\*\s?/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return /^.*?\.(?=\s|$)/.exec(text)?.[0] ?? text;
}

function unknownBench(name: string, names: readonly string[]): UserError {
  const near = nearest(name, names);
  const advice = near === undefined ? `there are ${names.join(', ') || 'none'}` : `did you mean ${near}?`;
  return new UserError(`there is no benchmark "${name}"; ${advice}`, 2);
}
