import { describe, expect, test } from 'vitest';
import { chooseTenant } from './tenant-choice.ts';

const header = (value: string): Readonly<Record<string, string>> => ({ 'x-scope-orgid': value });

describe('whose a request is', () => {
  test('without tenants: everything belongs together, whatever the header says', () => {
    expect(chooseTenant(undefined, header('shop'), undefined)).toEqual({ tenant: '' });
  });

  test.each([
    ['the header tells', header('shop'), { tenant: 'shop' }],
    ['capitals count', header('Shop'), { tenant: 'Shop' }],
    ['maru is the first tenant', header('maru'), { tenant: '' }],
    ['without a header nobody', {}, { refused: 'the request names no tenant: send X-Scope-OrgID' }],
    ['an empty one is no name', header(''), { refused: expect.stringContaining('is no name of a tenant') }],
    ['nor are two', header('a|b'), { refused: expect.stringContaining('is no name of a tenant') }],
    ['nor is a path', header('../a'), { refused: expect.stringContaining('is no name of a tenant') }],
    ['nor one that begins with a dash', header('-a'), { refused: expect.stringContaining('is no name') }],
    ['nor one of 65 letters', header('a'.repeat(65)), { refused: expect.stringContaining('at most 64') }],
  ])('by header: %s', (_, headers, expected) => {
    expect(chooseTenant({ by: 'header', most: 1 }, headers, undefined)).toEqual(expected);
  });

  test('by header with a default: who names none gets it, who names a bad one does not', () => {
    const settings = { by: 'header', most: 1, default: 'all' } as const;
    expect(chooseTenant(settings, {}, undefined)).toEqual({ tenant: 'all' });
    expect(chooseTenant(settings, header('a|b'), undefined)).toHaveProperty('refused');
  });

  test('by key: the key tells, and the header is not looked at', () => {
    expect(chooseTenant({ by: 'key', most: 1 }, header('other'), 'shop')).toEqual({ tenant: 'shop' });
    expect(chooseTenant({ by: 'key', most: 1 }, header('other'), undefined)).toEqual({ tenant: '' });
  });
});
