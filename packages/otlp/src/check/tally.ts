import type { Rejection } from './checked.ts';
import { fieldPath } from './field-path.ts';
import { type CheckReason, checkReasons } from './reasons.ts';
import type { Shape } from './shape.ts';

/** Why an item cannot be kept, and where that shows. */
export interface Fault {
  readonly reason: CheckReason;
  readonly offset: number;
  /** The name of an absent field; then `offset` is that of the message which lacks it. */
  readonly absent: string | undefined;
}

/** Rejected items by reason, with the first fault of each. */
export class Tally {
  private readonly byReason = new Map<CheckReason, { count: number; readonly first: Fault }>();
  total = 0;

  add(fault: Fault, count: number): void {
    this.total += count;
    const entry = this.byReason.get(fault.reason);
    if (entry === undefined) this.byReason.set(fault.reason, { count, first: fault });
    else entry.count += count;
  }

  rejections(root: Shape, bytes: Uint8Array): readonly Rejection[] {
    return [...this.byReason].map(([reason, { count, first }]) => {
      const path = fieldPath(root, bytes, first.offset);
      const field = first.absent === undefined ? path : `${path}.${first.absent}`;
      return { reason, count, field, detail: `${field} ${checkReasons[reason]}` };
    });
  }
}
