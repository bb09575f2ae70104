import { Refusal, type RejectedItems } from '@maru/ledger';
import type { Account, Signal } from '@maru/otlp';
import { createAccept } from './accept.ts';
import { ByteBudget, Gate } from './budget.ts';
import { type Doors, openDoors } from './doors.ts';
import type { HttpDoorOptions } from './http.ts';

/** One request that came through a door in a test. */
export interface Taken {
  readonly signal: Signal;
  readonly request: Uint8Array;
  readonly account: Account;
}

/** Both doors on free ports, with what came through them kept in memory. For tests only. */
export interface TestDoors extends Doors {
  readonly taken: readonly Taken[];
  readonly rejected: readonly RejectedItems[];
  /** Makes the journal refuse from now on, or take again. */
  readonly refuse: (refusal: Refusal | undefined) => void;
}

export async function openTestDoors(options: Partial<HttpDoorOptions> = {}): Promise<TestDoors> {
  const taken: Taken[] = [];
  const rejectedItems: RejectedItems[] = [];
  let refusal: Refusal | undefined;
  const rejected = (_: string, items: RejectedItems): void => void rejectedItems.push(items);
  const append = async (_: string, signal: Signal, request: Uint8Array, account: Account): Promise<void> => {
    if (refusal !== undefined) throw refusal;
    taken.push({ signal, request, account });
  };
  const doors = await openDoors('127.0.0.1', {
    accept: createAccept({ append, rejected }),
    rejected,
    budget: new ByteBudget(64 * 1024 * 1024),
    gate: new Gate(2),
    maxRequestBytes: 1024 * 1024,
    httpPort: 0,
    grpcPort: 0,
    corsOrigins: ['https://board.example.com', 'https://*.nip.io'],
    ...options,
  });
  return {
    ...doors,
    taken,
    rejected: rejectedItems,
    refuse: (next) => {
      refusal = next;
    },
  };
}

export const journalFull: Refusal = new Refusal('journal_full', 'the journal is full', 5);
