import { describe, expect, test } from 'vitest';
import { LoginLimit } from './login-limit.ts';

function failTimes(limit: LoginLimit, times: number, username: string, address: string): void {
  for (let index = 0; index < times; index++) limit.fail(username, address);
}

describe('login limit', () => {
  test('the tenth failure closes the account for that address only', () => {
    const limit = new LoginLimit(() => 0);
    failTimes(limit, 9, 'kim', '10.0.0.1');
    expect(limit.waitSeconds('kim', '10.0.0.1')).toBe(0);
    limit.fail('kim', '10.0.0.1');
    expect(limit.waitSeconds('KIM', '10.0.0.1')).toBe(300);
    expect(limit.waitSeconds('kim', '10.0.0.2')).toBe(0);
    expect(limit.waitSeconds('lee', '10.0.0.1')).toBe(0);
  });

  test('the window runs from the first failure and then all is forgotten', () => {
    let now = 0;
    const limit = new LoginLimit(() => now);
    failTimes(limit, 10, 'kim', '10.0.0.1');
    now = 299_000;
    expect(limit.waitSeconds('kim', '10.0.0.1')).toBe(1);
    now = 300_000;
    expect(limit.waitSeconds('kim', '10.0.0.1')).toBe(0);
    limit.fail('kim', '10.0.0.1');
    expect(limit.waitSeconds('kim', '10.0.0.1')).toBe(0);
  });

  test('a login that worked starts the count anew', () => {
    const limit = new LoginLimit(() => 0);
    failTimes(limit, 9, 'kim', '10.0.0.1');
    limit.succeed('kim', '10.0.0.1');
    failTimes(limit, 9, 'kim', '10.0.0.1');
    expect(limit.waitSeconds('kim', '10.0.0.1')).toBe(0);
  });

  test('memory is bounded: beyond 10,000 names the oldest is forgotten', () => {
    const limit = new LoginLimit(() => 0);
    failTimes(limit, 10, 'first', '10.0.0.1');
    for (let index = 0; index < 10_000; index++) limit.fail(`name-${index}`, '10.0.0.1');
    expect(limit.waitSeconds('first', '10.0.0.1')).toBe(0);
  });
});
