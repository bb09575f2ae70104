import { randomUUID } from 'node:crypto';
import type { EngineSession, ResultFormat } from '../engine/engine.ts';
import { readError } from '../engine/errors.ts';
import type { Lends } from '../engine/lane.ts';
import { decodeNative } from '../native/decode.ts';
import { type BlockReader, type Columns, type KeptKind, ReadError, type ReadOptions } from '../reader.ts';
import type { Sql } from '../sql.ts';
import type { KeptView } from './kept-results.ts';
import { defaultReadLimits, type ReadLimits } from './limits.ts';

/** The lanes that reads run in, and the one that ends them. */
export interface ReadLanes {
  readonly lookup: Lends;
  readonly scan: Lends;
  readonly admin: Lends;
}

/** The results of one database that are kept. */
export type KeptViews = Readonly<Record<KeptKind, KeptView>>;

/** Reads over the engine's read-only sessions. */
export function createBlockReader(lanes: ReadLanes, kept: KeptViews): BlockReader {
  return {
    async rows<Row extends object>(query: Sql, options: ReadOptions = {}): Promise<readonly Row[]> {
      return parseRows<Row>(await read(lanes, query, 'JSONEachRow', options), options);
    },
    async columns(query: Sql, options: ReadOptions = {}): Promise<Columns> {
      const { of } = options;
      const columns =
        of === undefined
          ? decodeNative(await read(lanes, query, 'Native', options), options.allocate)
          : await keptColumns(lanes, kept[of], query, options);
      refuseTooMany(columns.rowCount, options);
      return columns;
    },
    async eachBlock(query: Sql, use: (block: Columns) => void, options: ReadOptions = {}): Promise<void> {
      let rowCount = 0;
      const thrown: unknown[] = [];
      const hand = (bytes: Uint8Array): void => {
        try {
          const block = decodeNative(bytes, options.allocate);
          rowCount += block.rowCount;
          refuseTooMany(rowCount, options);
          use(block);
        } catch (error) {
          thrown.push(error);
          throw error;
        }
      };
      const run = (session: EngineSession): Promise<void> =>
        runLimited(lanes.admin, options, (mark) => session.stream(query.text, hand, mark));
      await lend(lanes, options, run).catch((error: unknown) => {
        // What `use` throws is its own and no failure of the store.
        throw thrown[0] ?? error;
      });
    },
  };
}

/** What is kept stands in memory of its own: that of who asks may be used again. */
function keptColumns(lanes: ReadLanes, kept: KeptView, query: Sql, options: ReadOptions): Promise<Columns> {
  return kept.result(query.text, async () => {
    const bytes = await read(lanes, query, 'Native', options);
    return {
      byteLength: bytes.byteLength,
      decode: (isKept) => decodeNative(bytes, isKept ? undefined : options.allocate),
    };
  });
}

function read(lanes: ReadLanes, query: Sql, format: ResultFormat, options: ReadOptions): Promise<Uint8Array> {
  return lend(lanes, options, (session) =>
    runLimited(lanes.admin, options, (mark) => session.run(query.text, format, mark)),
  );
}

async function lend<Result>(
  lanes: ReadLanes,
  { lane, signal }: ReadOptions,
  use: (session: EngineSession) => Promise<Result>,
): Promise<Result> {
  try {
    return await (lane === 'lookup' ? lanes.lookup : lanes.scan).lend(use, signal);
  } catch (error) {
    throw readError(error);
  }
}

/**
 * Runs the query under its limits. The engine refuses settings from a read-only session, so what is tighter than the
 * session's own limits is watched from here: a timer or the client's leaving ends the query by its mark.
 */
async function runLimited<Result>(
  admin: Lends,
  options: ReadOptions,
  run: (mark: string) => Promise<Result>,
): Promise<Result> {
  const mark = randomUUID();
  const watch = watchQuery(options, () => {
    // It ends by the session's own limits at the latest.
    admin.lend((session) => session.kill(mark)).catch(() => undefined);
  });
  try {
    return await run(mark);
  } catch (error) {
    throw watch.reason() ?? error;
  } finally {
    watch.end();
  }
}

interface Watch {
  /** Why the query was ended from here, if it was. */
  reason(): ReadError | undefined;
  end(): void;
}

function watchQuery(options: ReadOptions, kill: () => void): Watch {
  const seconds = Math.min(options.maxSeconds ?? Number.POSITIVE_INFINITY, defaultReadLimits.maxSeconds);
  let reason: ReadError | undefined;
  const stop = (why: ReadError): void => {
    reason ??= why;
    kill();
  };
  const left = (): void => stop(new ReadError('cancelled', 'the query was cancelled: the client went away'));
  const timer = setTimeout(() => stop(timedOut(seconds)), seconds * 1000);
  options.signal?.addEventListener('abort', left, { once: true });
  return {
    reason: () => reason,
    end: () => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', left);
    },
  };
}

function timedOut(seconds: number): ReadError {
  return new ReadError('timeout', `the query took longer than its limit of ${seconds} s`);
}

function parseRows<Row extends object>(bytes: Uint8Array, options: ReadOptions): readonly Row[] {
  const lines = new TextDecoder().decode(bytes).split('\n');
  if (lines.at(-1) === '') lines.pop();
  refuseTooMany(lines.length, options);
  return lines.map((line) => JSON.parse(line) as Row);
}

function refuseTooMany(count: number, options: ReadLimits | ReadOptions): void {
  const limit = options.maxResultRows ?? defaultReadLimits.maxResultRows;
  if (count <= limit) return;
  throw new ReadError('too_many_rows', `the query gave ${count} rows, more than its limit of ${limit}`);
}
