import type { Columns } from '../reader.ts';
import { chunkSpanMs, chunkSpanStart } from './chunk-span.ts';
import { maxChunkSamples, type SampleArrays } from './codec/layout.ts';
import { floatColumn, smallColumn, uintColumn } from './typed-columns.ts';

/** Takes samples of one series that go into one chunk; the arrays are the caller's again afterwards. */
export type TakeChunk = (series: CutSeries, samples: SampleArrays, count: number) => void;

/** A series as its rows name it. */
export interface CutSeries {
  /** The hash by which its metric is named. */
  readonly nameHash: bigint;
  readonly seriesId: bigint;
}

/**
 * Cuts rows, in the order of metric, series and time, into what goes into one chunk each. Of samples with the same time the
 * last one stays. Values are carried as words, so that a NaN keeps its payload.
 */
export class SeriesCutter {
  readonly #take: TakeChunk;
  readonly #times: Float64Array = new Float64Array(maxChunkSamples);
  readonly #values: Float64Array = new Float64Array(maxChunkSamples);
  readonly #words: Uint32Array = new Uint32Array(this.#values.buffer);
  readonly #flags: Uint8Array = new Uint8Array(maxChunkSamples);
  readonly #starts: Float64Array = new Float64Array(maxChunkSamples);
  #series: CutSeries | undefined;
  #count = 0;
  #endMs = 0;

  constructor(take: TakeChunk) {
    this.#take = take;
  }

  /** Rows of the columns of `sealedRows`. */
  add(block: Columns): void {
    const rows = rowsOf(block);
    for (let from = 0; from < rows.ids.length; ) {
      const to = endOfSeries(rows, from);
      this.#enter({ nameHash: rows.names[from] ?? 0n, seriesId: rows.ids[from] ?? 0n });
      this.#addRows(rows, from, to);
      from = to;
    }
  }

  /** Hands on what is held; call it after the last rows. */
  flush(): void {
    if (this.#series === undefined || this.#count === 0) return;
    const samples = { times: this.#times, values: this.#values, flags: this.#flags, starts: this.#starts };
    this.#take(this.#series, samples, this.#count);
    this.#count = 0;
  }

  #enter(series: CutSeries): void {
    const current = this.#series;
    if (current?.seriesId === series.seriesId && current.nameHash === series.nameHash) return;
    this.flush();
    this.#series = series;
  }

  #addRows({ times, words, flags, starts }: Rows, from: number, to: number): void {
    for (let row = from; row < to; row += 1) {
      const time = times[row] ?? 0;
      if (this.#count > 0 && this.#times[this.#count - 1] === time) this.#count -= 1;
      else if (this.#count === maxChunkSamples || (this.#count > 0 && time >= this.#endMs)) this.flush();
      const at = this.#count;
      if (at === 0) this.#endMs = chunkSpanStart(time) + chunkSpanMs;
      this.#times[at] = time;
      this.#words[at * 2] = words[row * 2] ?? 0;
      this.#words[at * 2 + 1] = words[row * 2 + 1] ?? 0;
      this.#flags[at] = flags[row] ?? 0;
      this.#starts[at] = starts[row] ?? 0;
      this.#count = at + 1;
    }
  }
}

interface Rows {
  readonly names: BigUint64Array;
  readonly ids: BigUint64Array;
  /** Names and ids as halves, which are numbers: a `bigint` a row would be an object a row. */
  readonly nameHalves: Uint32Array;
  readonly idHalves: Uint32Array;
  readonly times: Float64Array;
  readonly words: Uint32Array;
  readonly flags: ArrayLike<number>;
  readonly starts: Float64Array;
}

function rowsOf(block: Columns): Rows {
  const [names, ids] = [uintColumn(block, 'name_hash'), uintColumn(block, 'series_id')];
  const values = floatColumn(block, 'values');
  return {
    names,
    ids,
    nameHalves: halvesOf(names),
    idHalves: halvesOf(ids),
    times: floatColumn(block, 'times'),
    words: new Uint32Array(values.buffer, values.byteOffset, values.length * 2),
    flags: smallColumn(block.column('flags')),
    starts: floatColumn(block, 'starts'),
  };
}

function halvesOf({ buffer, byteOffset, length }: BigUint64Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length * 2);
}

function endOfSeries({ ids, idHalves, nameHalves }: Rows, from: number): number {
  let to = from + 1;
  while (to < ids.length && isSame(idHalves, from, to) && isSame(nameHalves, from, to)) to += 1;
  return to;
}

function isSame(halves: Uint32Array, one: number, other: number): boolean {
  return halves[one * 2] === halves[other * 2] && halves[one * 2 + 1] === halves[other * 2 + 1];
}
