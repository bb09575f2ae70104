import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../command.ts';
import { repository } from '../paths.ts';

export const version: Command = {
  name: 'version',
  summary: 'prints the version of Maru and of Node',
  flags: {},
  run: async () => {
    const manifest: { version: string } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
    console.log(`maru ${manifest.version}, node ${process.version}, ${process.platform} ${process.arch}`);
    return 0;
  },
};
