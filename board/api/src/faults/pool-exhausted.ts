import type { Database } from '../database/database.ts';
import type { Drill } from './drill.ts';

/**
 * Takes every connection of the requests' pool and keeps it, as a leak would. Requests then wait for a connection
 * and get a 503. Faults themselves are switched over a pool of their own, so the drill can be ended early.
 */
export function poolExhausted(database: Database): Drill {
  let release: (() => void) | undefined;
  return {
    start() {
      const pool = database.queries;
      const until = new Promise<void>((resolve) => {
        release = resolve;
      });
      for (let index = 0; index < pool.limit; index++) {
        // A connection that does not come in time is not held: the drill only takes what is there.
        pool.withConnection(() => until).catch(() => undefined);
      }
    },
    stop() {
      release?.();
      release = undefined;
    },
  };
}
