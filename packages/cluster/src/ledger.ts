import type { SeenObject } from './seen.ts';

/** A stack's ledger among the objects seen, so that it travels with them: in a paste, in a bundle, from a live stack. */
export function ledgerObject(value: unknown, where: string): SeenObject {
  const whole = typeof value === 'object' && value !== null ? value : {};
  const named = { kind: 'MaruLedger', metadata: { name: 'ledger' }, ...whole };
  return { kind: 'MaruLedger', namespace: '', name: 'ledger', value: named, where, richness: 'whole' };
}
