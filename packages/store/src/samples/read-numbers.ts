import type {
  BlockReader,
  Columns,
  NumberQuery,
  NumberReadOptions,
  NumberSlice,
  ReadOptions,
} from '../reader.ts';
import type { Sql } from '../sql.ts';
import { chunksQuery, rowsQuery } from './number-query.ts';
import { addChunks, addRows, type RunsBySeries, samplesWithin } from './number-runs.ts';
import { sliceOf } from './number-slice.ts';
import type { KnownTables } from './sample-tables.ts';

/**
 * The one place where samples of numbers are read: they lie in `number_points`, where they are loaded; then for a moment in
 * `number_points_sealed`; then in `number_chunks`. They go through these in that order and are in the next before they
 * leave the one before, and the tables are asked in that order, each after the answer of the one before. So a sample that
 * moves meanwhile is found once or twice, never not at all; of two with one time a series keeps one. That holds for chunks that
 * were kept from an earlier read, too: they are forgotten when chunks were written, before the samples leave the table before.
 *
 * In one piece unless it is large: the driver analyses a streamed statement on the event loop, 5 to 15 ms each.
 */
export async function readNumbers(
  reader: BlockReader,
  tables: KnownTables,
  query: NumberQuery,
  { held, isLarge = false, ...options }: NumberReadOptions = {},
): Promise<NumberSlice> {
  const runs: RunsBySeries = new Map();
  const limits: ReadOptions = { ...options, maxResultRows: Number.POSITIVE_INFINITY };
  const ask = async (statement: Sql, use: (block: Columns) => void, own = limits): Promise<void> => {
    if (isLarge) await reader.eachBlock(statement, use, own);
    else use(await reader.columns(statement, own));
  };
  const takeRows = (block: Columns): void => {
    held?.(block.rowCount);
    addRows(runs, block, query.withStarts);
  };
  const takeChunks = (block: Columns): void => {
    held?.(samplesWithin(block, query));
    addChunks(runs, block, query);
  };
  await tables.know(reader);
  await ask(rowsQuery('number_points', query), takeRows);
  if (tables.isSealing) await ask(rowsQuery('number_points_sealed', query), takeRows);
  if (tables.lastChunkMs > query.afterMs)
    await ask(chunksQuery(query), takeChunks, { ...limits, of: 'chunks' });
  return sliceOf(runs, query);
}
