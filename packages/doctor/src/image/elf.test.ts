import { describe, expect, it } from 'vitest';
import { canRun, elfArchitecture } from './elf.ts';

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
