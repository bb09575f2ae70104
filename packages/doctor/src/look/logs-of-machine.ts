import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { longestLine, type SeenLine } from '@maru/cluster';

/** What an application says at its end stands in its last lines. */
const lastBytes = 64 * 1024;
const lastLines = 200;

/** The last lines of each `NAME.log` of a folder whose name was asked for; `./maru up` keeps those of its parts so. */
export async function lastLinesOf(folder: string, names: ReadonlySet<string>): Promise<readonly SeenLine[]> {
  const files = await readdir(folder).catch((): string[] => []);
  const wanted = files.filter((file) => file.endsWith('.log') && names.has(basename(file, '.log')));
  const read = await Promise.all(wanted.map((file) => tailOf(join(folder, file)).catch(() => '')));
  return wanted.flatMap((file, index) => seenLines(basename(file, '.log'), read[index] ?? ''));
}

async function tailOf(path: string): Promise<string> {
  const { size } = await stat(path);
  const file = await open(path);
  try {
    const length = Math.min(size, lastBytes);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}

function seenLines(owner: string, text: string): readonly SeenLine[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-lastLines).map((line, index) => ({
    text: line.slice(0, longestLine),
    where: `${owner}.log, line ${lines.slice(-lastLines).length - index} from its end`,
    owner,
    namespace: '',
    container: '',
  }));
}
