import { basename } from 'node:path';

// Imported first by every benchmark: what goes wrong, a wrong flag too, is one sentence and no stack.
process.on('uncaughtException', (error) => {
  const name = basename(process.argv[1] ?? '', '.ts');
  console.error(`bench ${name}: ${error.message}`);
  process.exit(1);
});
