import { resolve } from 'node:path';
import { consoleFrontEnd } from '../build/front-end.ts';
import type { Command } from '../command.ts';
import { textFlag } from '../flag-values.ts';
import { makeNpmPackage } from '../npm-package/make.ts';
import { maruDir } from '../paths.ts';
import { Interruption } from '../process/interruption.ts';
import { Progress } from '../terminal/progress.ts';
import { buildMissing } from '../up/build-missing.ts';

export const pack: Command = {
  name: 'pack',
  summary: 'makes the npm package maru and prints the path of its tarball',
  flags: {
    out: { type: 'string', value: 'DIR', help: 'where to, emptied first', default: '.maru/npm' },
  },
  notes: 'Then: npm install TARBALL, and npx maru serve. Nothing is published.',
  run: async (args) => {
    const interruption = new Interruption(() => {});
    await buildMissing([consoleFrontEnd], new Progress(process.stderr), interruption.signal);
    interruption.close();
    console.log(await makeNpmPackage(resolve(textFlag(args, 'out') ?? `${maruDir}/npm`)));
    return 0;
  },
};
