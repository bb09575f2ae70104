import type { Arena, Columns } from '@maru/store';
import { floats, ids, smallNumbers } from './columns.ts';

/** The numbers of one stored series, in order of time but for samples that came late. */
export interface NumberSamples {
  readonly seriesId: bigint;
  /** Milliseconds since 1970. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Empty when no sample has a flag. */
  readonly flags: Uint8Array;
  readonly starts: Float64Array | undefined;
}

/** Neighbouring rows of one series in one block. */
interface Run {
  readonly rows: Rows;
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts blocks of `series_id`, `times`, `values`, `flags` and perhaps `starts` into series. Rows of one part of the table
 * come in the order of series and time; a series that lies in several parts or blocks comes in as many runs, which are put
 * together. Most series are one run, and their arrays are views without a copy.
 *
 * @param arena where runs are put together
 */
export function seriesOfBlocks(
  blocks: readonly Columns[],
  withStarts: boolean,
  { allocate }: Arena,
): readonly NumberSamples[] {
  const runs = new Map<bigint, Run[]>();
  for (const block of blocks) {
    if (block.rowCount > 0) addRuns(runs, ids(block, 'series_id'), rowsOf(block, withStarts));
  }
  return Array.from(runs, ([seriesId, own]) => {
    const [first] = own;
    return { seriesId, ...(own.length === 1 && first !== undefined ? cut(first) : joined(own, allocate)) };
  });
}

type Rows = Omit<NumberSamples, 'seriesId'>;

function rowsOf(block: Columns, withStarts: boolean): Rows {
  const flags = smallNumbers(block, 'flags');
  return {
    times: floats(block.column('times')),
    values: floats(block.column('values')),
    flags: flags instanceof Uint8Array && flags.includes(1) ? flags : noFlags,
    starts: withStarts ? floats(block.column('starts')) : undefined,
  };
}

const noFlags: Uint8Array = new Uint8Array();

function addRuns(runs: Map<bigint, Run[]>, seriesIds: BigUint64Array, rows: Rows): void {
  const halves = new Uint32Array(seriesIds.buffer, seriesIds.byteOffset, seriesIds.length * 2);
  for (let from = 0; from < seriesIds.length; ) {
    const to = endOfRun(halves, from);
    const seriesId = seriesIds[from] ?? 0n;
    const known = runs.get(seriesId);
    if (known === undefined) runs.set(seriesId, [{ rows, from, to }]);
    else known.push({ rows, from, to });
    from = to;
  }
}

/** Ids are compared as halves, which are numbers: a `bigint` a row would be an object a row. */
function endOfRun(halves: Uint32Array, from: number): number {
  const [low, high] = [halves[from * 2], halves[from * 2 + 1]];
  let at = from * 2 + 2;
  while (at < halves.length && halves[at] === low && halves[at + 1] === high) at += 2;
  return at / 2;
}

function cut({ rows, from, to }: Run): Rows {
  const { times, values, flags, starts } = rows;
  return {
    times: times.subarray(from, to),
    values: values.subarray(from, to),
    flags: flags.length === 0 ? flags : flags.subarray(from, to),
    starts: starts?.subarray(from, to),
  };
}

/** The runs one after another, the earlier first: what is in order stays in order. */
function joined(runs: readonly Run[], allocate: Arena['allocate']): Rows {
  const parts = runs
    .toSorted((left, right) => (left.rows.times[left.from] ?? 0) - (right.rows.times[right.from] ?? 0))
    .map(cut);
  const count = parts.reduce((sum, { times }) => sum + times.length, 0);
  const flagged = parts.some(({ flags }) => flags.length > 0);
  const flagsOf = ({ flags, times }: Rows) => (flags.length === 0 ? new Uint8Array(times.length) : flags);
  const floatsOf = (of: (part: Rows) => Float64Array) => {
    const { buffer, byteOffset } = allocate(count * 8);
    return concatenated(new Float64Array(buffer, byteOffset, count), parts.map(of));
  };
  return {
    times: floatsOf(({ times }) => times),
    values: floatsOf(({ values }) => values),
    flags: flagged ? concatenated(new Uint8Array(count), parts.map(flagsOf)) : noFlags,
    starts: parts[0]?.starts && floatsOf(({ starts }) => starts ?? new Float64Array()),
  };
}

function concatenated<List extends Float64Array | Uint8Array>(whole: List, parts: readonly List[]): List {
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
