import { type Budget, type LabelMatcher, type Labels, labelsKey } from '@maru/query-core';
import { Arena, type Columns, type Reader, type Sql, sql } from '@maru/store';
import type { PartChooser } from './named-parts.ts';
import { type NumberSamples, seriesOfBlocks } from './number-rows.ts';
import { numberSlices } from './number-slices.ts';
import { storedTime, type TimeSpan } from './points.ts';
import { readAhead } from './read-ahead.ts';
import { readOptions, type SeriesById } from './stored-series.ts';

/** A stored number series as Prometheus sees it. */
interface NamedNumber {
  readonly labels: Labels;
  readonly isDelta: boolean;
  /** Whether another series has the same labels, so that their samples are one series. */
  isShared: boolean;
}

/** What a read of numbers needs. */
export interface NumberRead {
  readonly reader: Reader;
  readonly matchers: readonly LabelMatcher[];
  readonly span: TimeSpan;
  readonly budget: Budget;
  readonly stored: SeriesById;
  readonly withStarts: boolean;
}

/**
 * The stored number series by id, with their labels.
 *
 * @param taken labels of series that are not numbers
 */
export function nameNumbers(
  { stored, chooser }: { readonly stored: SeriesById; readonly chooser: PartChooser },
  taken: readonly Labels[],
): ReadonlyMap<bigint, NamedNumber> {
  const named = new Map<bigint, NamedNumber>();
  const byKey = new Map<string, NamedNumber | undefined>(
    taken.map((labels) => [labelsKey(labels), undefined]),
  );
  for (const [id, series] of stored) {
    if (series.kind !== 'number') continue;
    const labels = chooser.parts(series, [])[0]?.labels;
    if (labels === undefined) continue;
    const key = labelsKey(labels);
    const one: NamedNumber = { labels, isDelta: series.isDelta, isShared: byKey.has(key) };
    const other = byKey.get(key);
    if (other !== undefined) other.isShared = true;
    byKey.set(key, one);
    named.set(id, one);
  }
  return named;
}

/** Slices under way at once: one is read while another is evaluated, and the third lane of the store stays free. */
const slicesAtOnce = 2;

/**
 * The number samples of a selector, slice by slice; ids that are not among the selected ones may be among them. A slice
 * is valid until the next one is asked for.
 */
export async function* readNumbers(read: NumberRead): AsyncGenerator<readonly NumberSamples[]> {
  const { stored, matchers, span, withStarts } = read;
  if (![...stored.values()].some(({ kind }) => kind === 'number')) return;
  const arenas: Arena[] = [];
  const tasks = numberSlices(stored, matchers, span).map(
    (slice) => () => readSlice(read, slice, arenas.pop() ?? new Arena()),
  );
  for await (const { blocks, arena } of readAhead(tasks, slicesAtOnce)) {
    yield seriesOfBlocks(blocks, withStarts, arena);
    read.budget.addSamples(-rowsOf(blocks));
    arena.reset();
    arenas.push(arena);
  }
}

/** What was read, and the memory that it stands in. */
interface Slice {
  readonly blocks: readonly Columns[];
  readonly arena: Arena;
}

async function readSlice(
  { reader, span, budget, withStarts }: NumberRead,
  slice: Sql,
  arena: Arena,
): Promise<Slice> {
  const blocks: Columns[] = [];
  const hold = (block: Columns): void => {
    budget.addSamples(block.rowCount);
    blocks.push(block);
  };
  // The budget counts rows as they come, those of slices that are read ahead too.
  const limits = { maxResultRows: Number.POSITIVE_INFINITY, allocate: arena.allocate };
  await reader.eachBlock(numberQuery(slice, span, withStarts), hold, { ...readOptions(budget), ...limits });
  return { blocks, arena };
}

function rowsOf(blocks: readonly Columns[]): number {
  return blocks.reduce((sum, { rowCount }) => sum + rowCount, 0);
}

/**
 * Rows as they lie in the table: to group them into arrays costs the engine more than to hand them over, and to sort them
 * across parts twice as much again. Times are floats, as milliseconds fit a double and a `bigint` a sample would be
 * an object a sample.
 */
function numberQuery(slice: Sql, { afterMs, untilMs }: TimeSpan, withStarts: boolean): Sql {
  const starts = withStarts ? sql`, toFloat64(toUnixTimestamp64Milli(start_time)) AS starts` : sql``;
  return sql`SELECT series_id, toFloat64(toUnixTimestamp64Milli(time)) AS times, value AS \`values\`, flags${starts}
    FROM number_points
    WHERE ${slice}
      AND time > fromUnixTimestamp64Milli(${storedTime(afterMs)}, 'UTC')
      AND time <= fromUnixTimestamp64Milli(${storedTime(untilMs)}, 'UTC')`;
}
