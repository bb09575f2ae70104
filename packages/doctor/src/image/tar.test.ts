import { describe, expect, it } from 'vitest';
import { canRun, elfArchitecture } from './elf.ts';
import { fileInTar } from './tar.ts';

function header(path: string, size: string): Buffer {
  const block = Buffer.alloc(512);
  block.write(path, 0);
  block.write(size, 124);
  return block;
}

describe('archives that are not what they should be', () => {
  it.each(['-7777777', 'garbage', '', '77777777777'])('a size of "%s" ends', (size) => {
    const archive = Buffer.concat([header('a', size), header('app', '0')]);
    const found = fileInTar(archive, new Set(['app']));
    expect(found?.path).toBe(size.startsWith('7') ? undefined : 'app');
  });

  it('a file that is cut off is read as far as it goes', () => {
    const archive = Buffer.concat([header('./app', '1000'), Buffer.from('begin')]);
    expect(fileInTar(archive, new Set(['app']))?.bytes.toString()).toBe('begin');
  });
});

describe('the machine of a program', () => {
  it('is read in either byte order, and of nothing but ELF', () => {
    const big = Buffer.from(`7f454c460202${'00'.repeat(12)}0016`, 'hex');
    const little = Buffer.from(`7f454c460201${'00'.repeat(12)}b700`, 'hex');
    expect(
      [big, little, big.subarray(0, 19), Buffer.from('#!/bin/sh\nexec node app.js')].map(elfArchitecture),
    ).toEqual(['s390x', 'arm64', undefined, undefined]);
  });

  it('amd64 runs 386, arm64 may run arm, and not the reverse', () => {
    expect([
      canRun('amd64', '386'),
      canRun('arm64', 'arm'),
      canRun('386', 'amd64'),
      canRun('amd64', 'arm64'),
    ]).toEqual([true, true, false, false]);
  });
});
