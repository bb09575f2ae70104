import { Budget, defaultQueryLimits, type QueryLimits } from './budget.ts';
import { Gate } from './gate.ts';
import { MemoryPool } from './memory-pool.ts';

/** What the queries of a process share, so that neither their number nor their size takes it down. */
export interface QueryCapacity {
  /** Of each query. */
  readonly limits: QueryLimits;
  /** For queries while they find their series, and for short ones until they have ended. */
  readonly gate: Gate;
  /** For long queries, so that short ones never stand behind them. */
  readonly longGate: Gate;
  readonly memory: MemoryPool;
}

export interface CapacityOptions extends QueryLimits {
  /** Queries that run at once, besides long ones. Prometheus's `query.max-concurrency`. */
  readonly concurrency: number;
}

/** Prometheus's own default. */
export const defaultConcurrency = 20;

/** One reads while the other computes; more would only share the same cores. */
const longAtOnce = 2;
const maxWaiting = 200;

/** All queries together may hold so many times what one may. */
const memoryShares = 2;

/** Made once a process. */
export function createQueryCapacity(options: Partial<CapacityOptions> = {}): QueryCapacity {
  const { concurrency = defaultConcurrency, ...changed } = options;
  const limits = { ...defaultQueryLimits, ...changed };
  return {
    limits,
    gate: new Gate({ atOnce: concurrency, maxWaiting }),
    longGate: new Gate({ atOnce: longAtOnce, maxWaiting }),
    memory: new MemoryPool(limits.maxMemoryBytes * memoryShares),
  };
}

/** A query that runs: its budget, and its place, which it may change for one among the long ones. */
export interface Admitted {
  readonly budget: Budget;
  /** Gives up the place among short queries and waits for one among the long. Throws as `Gate.enter` does. */
  becomeLong(): Promise<void>;
}

/**
 * Runs a query when its turn has come, and lets go of all that it held when it has ended.
 *
 * @param limits what is tighter than the capacity's own
 * @throws QueryError as `Gate.enter` does
 */
export async function admit<Result>(
  { gate, longGate, memory, limits: own }: QueryCapacity,
  {
    signal,
    limits = {},
  }: { readonly signal?: AbortSignal | undefined; readonly limits?: Partial<QueryLimits> },
  run: (admitted: Admitted) => Promise<Result>,
): Promise<Result> {
  const budget = new Budget({ ...own, ...limits }, signal, memory);
  budget.isLong = false;
  const patience = () => ({ seconds: budget.remainingSeconds, signal });
  let leave: (() => void) | undefined = await gate.enter(patience());
  try {
    return await run({
      budget,
      becomeLong: async () => {
        leave?.();
        leave = undefined;
        leave = await longGate.enter(patience());
        budget.isLong = true;
      },
    });
  } finally {
    leave?.();
    budget.end();
  }
}
