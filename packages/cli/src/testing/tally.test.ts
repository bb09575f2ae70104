import { describe, expect, it } from 'vitest';
import { isGreen, sumOf, tallyLine, tallyOf } from './tally.ts';

const report = (passed: number, failed: number, pending = 0) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: pending,
  numTodoTests: 0,
});

describe('counting a run', () => {
  it('takes the report’s numbers', () => {
    expect(tallyOf(report(5, 1, 2), 1)).toEqual({ passed: 5, failed: 1, skipped: 2 });
  });

  it('counts a crash without a report as a failure', () => {
    expect(tallyOf(undefined, 0).failed).toBe(1);
  });

  it('counts a run that failed without a failed test as a failure', () => {
    expect(tallyOf(report(5, 0), 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
  });
});

describe('the whole', () => {
  it('is not green when nothing was tested', () => {
    expect(isGreen(sumOf([tallyOf(report(0, 0), 0)]))).toBe(false);
  });

  it('is green when all passed', () => {
    expect(isGreen(sumOf([tallyOf(report(2, 0), 0), tallyOf(report(3, 0), 0)]))).toBe(true);
  });

  it('says skips only when there are some', () => {
    expect(tallyLine({ passed: 5, failed: 0, skipped: 0 })).toBe('5 passed, 0 failed');
    expect(tallyLine({ passed: 5, failed: 0, skipped: 1 })).toBe('5 passed, 0 failed, 1 skipped');
  });
});
