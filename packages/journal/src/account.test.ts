import { concat, stringField } from '@maru/otlp';
import { expect, test } from 'vitest';
import { addAccounts, decodeAccount, encodeAccount } from './account.ts';

const account = {
  items: 70_000,
  services: new Map([
    ['게시판', 69_999],
    ['', 1],
  ]),
  kinds: {
    number: 1,
    histogram: 2,
    exponentialHistogram: 3,
    summary: 4,
    exemplars: 5_000_000_000,
    nativeHistogram: 6,
  },
  nestedValues: 7,
};

test('an account comes back as it was', () => {
  expect(decodeAccount(encodeAccount(account))).toEqual(account);
});

test('fields of a later version are left out', () => {
  expect(decodeAccount(concat(stringField(99, 'new'), encodeAccount(account)))).toEqual(account);
});

test('services beyond a thousand are counted together', () => {
  const services = new Map(Array.from({ length: 1500 }, (_, index) => [`s${index}`, 2] as const));
  const decoded = decodeAccount(encodeAccount({ ...account, items: 3000, services }));
  expect(decoded.services.size).toBe(1001);
  expect(decoded.services.get('other')).toBe(1000);
});

test('accounts add up', () => {
  const sum = addAccounts([account, account]);
  expect(sum.items).toBe(140_000);
  expect(sum.services.get('게시판')).toBe(139_998);
  expect(sum.kinds.summary).toBe(8);
  expect(sum.nestedValues).toBe(14);
});
