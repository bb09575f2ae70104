import type { BlockReader, Columns, NumberQuery, NumberReadOptions, NumberSlice } from '../reader.ts';
import type { Sql } from '../sql.ts';
import { chunksQuery, rowsQuery } from './number-query.ts';
import { addChunks, addRows, type RunsBySeries, samplesWithin } from './number-runs.ts';
import { sliceOf } from './number-slice.ts';
import type { KnownTables } from './sample-tables.ts';

/**
 * The one place where samples of numbers are read: they lie in `number_points`, where they are loaded; then for a moment in
 * `number_points_sealed`; then in `number_chunks`. They go through these in that order and are in the next before they
 * leave the one before, and the tables are asked in that order, each after the answer of the one before. So a sample that
 * moves meanwhile is found once or twice, never not at all; of two with one time a series keeps one.
 *
 * In one piece and not in a stream: the driver analyses a streamed statement on the event loop, 5 to 15 ms each.
 */
export async function readNumbers(
  reader: Pick<BlockReader, 'rows' | 'columns'>,
  tables: KnownTables,
  query: NumberQuery,
  { held, ...options }: NumberReadOptions = {},
): Promise<NumberSlice> {
  const runs: RunsBySeries = new Map();
  const { afterMs, untilMs, withStarts } = query;
  const ask = (statement: Sql): Promise<Columns> =>
    reader.columns(statement, { ...options, maxResultRows: Number.POSITIVE_INFINITY });
  const takeRows = (block: Columns): void => {
    held?.(block.rowCount);
    addRows(runs, block, withStarts);
  };
  await tables.know(reader);
  takeRows(await ask(rowsQuery('number_points', query)));
  if (tables.isSealing) takeRows(await ask(rowsQuery('number_points_sealed', query)));
  if (tables.lastChunkMs > afterMs) {
    const block = await ask(chunksQuery(query));
    held?.(samplesWithin(block, afterMs, untilMs));
    addChunks(runs, block);
  }
  return sliceOf(runs, query);
}
