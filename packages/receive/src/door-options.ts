import type { RejectedItems } from '@maru/ledger';
import type { Accept } from './accept.ts';
import type { Authorize } from './authorize.ts';
import type { ByteBudget, Gate } from './budget.ts';
import type { DoorTls } from './tls.ts';

/** What the doors share. */
export interface DoorOptions {
  readonly accept: Accept;
  /** Asked before a body is read; left out, everybody may send. */
  readonly authorize?: Authorize;
  /** Told of every request that was refused before `accept` could count its items. */
  readonly rejected: (tenant: string, items: RejectedItems) => void;
  readonly budget: ByteBudget;
  readonly gate: Gate;
  /** Limit of one request after decompression. */
  readonly maxRequestBytes: number;
  /** Left out, the doors speak plain HTTP. */
  readonly tls?: DoorTls;
  /** For sentences that name the other door. */
  readonly httpPort: number;
  readonly grpcPort: number;
}
