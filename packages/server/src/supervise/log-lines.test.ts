import { describe, expect, it } from 'vitest';
import { isForTerminal, LineSplitter, loudness } from './log-lines.ts';

describe('loudness', () => {
  it.each([
    ['{"level":50,"msg":"boom"}', 'error'],
    ['{"level":40,"msg":"no error here"}', 'warning'],
    ['{"level":30,"msg":"error-rate is on"}', 'quiet'],
    ['2026-01-01  0:00:00 0 [ERROR] InnoDB: disk full', 'error'],
    ['2026-01-01  0:00:00 0 [Warning] Aborted connection', 'warning'],
    ['2026-01-01  0:00:00 0 [Note] InnoDB: error file', 'quiet'],
    ['loader: Error: cannot read', 'error'],
    ['warning: old Node', 'warning'],
    ['listening on 3000', 'quiet'],
  ])('%s is %s', (line, expected) => {
    expect(loudness(line)).toBe(expected);
  });
});

it('keeps warnings from a terminal that wants errors only', () => {
  expect(isForTerminal('warning: x', 'errors')).toBe(false);
  expect(isForTerminal('error: x', 'errors')).toBe(true);
});

describe('LineSplitter', () => {
  it('joins a line that came in two chunks', () => {
    const splitter = new LineSplitter();
    expect(splitter.push('one\ntw')).toEqual(['one']);
    expect(splitter.push('o\r\n')).toEqual(['two']);
  });

  it('lets go of a line that never ends', () => {
    const splitter = new LineSplitter();
    expect(splitter.push('x'.repeat(20_000))).toHaveLength(1);
    expect(splitter.takeRest()).toBe('');
  });
});
