import { readFileSync } from 'node:fs';

/** Resident memory of one process, in kB. */
interface Resident {
  /** Of its own: not of a file, or changed since it was read. */
  readonly own: number;
  /** Pages as they stand in files, by the file. */
  readonly files: ReadonlyMap<string, number>;
}

/**
 * What processes have in memory together, in bytes, where pages of a file that several of them map count once: two processes of
 * one program have its code in memory once. Linux only (`/proc`).
 */
export function residentOnce(pids: readonly number[]): number {
  const processes = pids.map((pid) => residentOf(readFileSync(`/proc/${pid}/smaps`, 'utf8')));
  const files = new Map<string, number>();
  for (const process of processes)
    for (const [file, size] of process.files) files.set(file, Math.max(size, files.get(file) ?? 0));
  const own = processes.reduce((sum, process) => sum + process.own, 0);
  return (own + sum(files.values())) * 1024;
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, number) => total + number, 0);
}

const mapping: RegExp = /^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \d+ *(?<path>.*)$/;

function residentOf(smaps: string): Resident {
  const files = new Map<string, number>();
  let own = 0;
  let path = '';
  let rss = 0;
  for (const line of smaps.split('\n')) {
    const [name = '', size = ''] = line.split(/:? +/, 2);
    if (name === 'Rss') rss = Number(size);
    else if (name === 'Anonymous') {
      own += Number(size);
      files.set(path, (files.get(path) ?? 0) + rss - Number(size));
    } else path = mapping.exec(line)?.groups?.path ?? path;
  }
  return { own, files };
}
