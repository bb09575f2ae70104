/**
 * What a fault does to the process while it is on. Faults that only change how requests are answered have none.
 * `start` and `stop` come in turns, `stop` always follows `start`, and after it nothing of the fault is left.
 */
export interface Drill {
  /** @param value in the fault's unit, already within its bounds */
  start(value: number): void | Promise<void>;
  stop(): void | Promise<void>;
}
