import { describe, expect, test } from 'vitest';
import { PasswordHasher, PasswordQueueFull } from './passwords.ts';

describe('password hashes', () => {
  test('hold algorithm, cost and a salt of their own, and verify', async () => {
    const hasher = new PasswordHasher();
    const [one, two] = await Promise.all([hasher.hash('비밀번호 1'), hasher.hash('비밀번호 1')]);
    expect(one).toMatch(/^scrypt\$8192\$8\$10\$[\w+/=]{24}\$[\w+/=]{44}$/);
    expect(one).not.toBe(two);
    expect(await hasher.verify('비밀번호 1', one)).toBe(true);
    expect(await hasher.verify('비밀번호 2', one)).toBe(false);
  });

  test('the same Korean text typed composed or decomposed is the same password', async () => {
    const hasher = new PasswordHasher();
    const stored = await hasher.hash('한글'.normalize('NFD'));
    expect(await hasher.verify('한글'.normalize('NFC'), stored)).toBe(true);
  });

  test('an account that does not exist never verifies', async () => {
    expect(await new PasswordHasher().verify('anything', undefined)).toBe(false);
  });

  test('a hash of an older cost still verifies', async () => {
    const older = 'scrypt$1024$8$1$AAAAAAAAAAAAAAAAAAAAAA==$';
    const { scryptSync } = await import('node:crypto');
    const key = scryptSync('old', Buffer.alloc(16), 32, { N: 1024, r: 8, p: 1 }).toString('base64');
    expect(await new PasswordHasher().verify('old', older + key)).toBe(true);
  });

  test('the queue is bounded: the 35th hash at once is refused', async () => {
    const hasher = new PasswordHasher();
    const cheap = `scrypt$1024$8$1$${Buffer.alloc(16).toString('base64')}$${Buffer.alloc(32).toString('base64')}`;
    const results = await Promise.allSettled(Array.from({ length: 35 }, () => hasher.verify('x', cheap)));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]?.reason).toBeInstanceOf(PasswordQueueFull);
  });
});
