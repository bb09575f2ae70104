import { layoutBits, maxChunkSamples, powersOfTen, sameValue, startLayouts, valueLayouts } from './layout.ts';

/** Where unpacked samples go. All arrays are at least as long as what is put into them. */
export interface SampleSink {
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** `values` as words, the lower one first. */
  readonly valueWords: Uint32Array;
  readonly flags: Uint8Array;
  /** Left out, start times are not unpacked. */
  readonly starts: Float64Array | undefined;
  /** Whether it is known of the chunk that was unpacked last that no value is less than the one before it. */
  neverFalls: boolean;
}

/** Whether a sample of a chunk has a flag. */
export function chunkHasFlags(bytes: Uint8Array, begin: number): boolean {
  return ((bytes[begin] ?? 0) & layoutBits.flags) !== 0;
}

/** Whether the samples of a chunk are known to be evenly apart. */
export function chunkIsEven(bytes: Uint8Array, begin: number): boolean {
  return ((bytes[begin] ?? 0) & layoutBits.unevenTimes) === 0;
}

/**
 * Unpacks the chunk whose bytes stand from `begin` to `end` and puts its samples into the sink from `at` on. Flags are
 * written where they are not 0, and start times where they are known: both must be 0 there before.
 *
 * @returns how many samples there are
 * @throws RangeError when the bytes are no chunk
 */
export function decodeChunk(
  bytes: Uint8Array,
  begin: number,
  end: number,
  sink: SampleSink,
  at: number,
): number {
  const layout = bytes[begin] ?? 0;
  const reader = new ChunkReader(bytes, begin + 1);
  const count = reader.varint();
  if (count < 1 || count > maxChunkSamples || at + count > sink.times.length) throw damaged();
  reader.times(sink.times, at, count, (layout & layoutBits.unevenTimes) !== 0);
  reader.values(sink, at, count, layout & layoutBits.values);
  if ((layout & layoutBits.flags) !== 0) reader.flags(sink.flags, at, count);
  if (sink.starts !== undefined)
    reader.starts(sink.starts, sink.times, at, count, layout & layoutBits.starts);
  if (reader.at > end) throw damaged();
  return count;
}

/** The signed number that a varint of one byte stands for. As doubles, since they are added to such. */
const signedOfByte: Float64Array = Float64Array.from({ length: 0x80 }, (_, byte) => signedOf(byte));

/** The signed number that a varint below 2^31 stands for: 0, -1, 1, -2, … */
function signedOf(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}

function damaged(): RangeError {
  return new RangeError(
    'a chunk of samples cannot be read: its bytes are not as they were written; the store is damaged',
  );
}

/** One more is added each time, so that no whole number is made a double. */
function fillEvenly(times: Float64Array, at: number, count: number, first: number, distance: number): void {
  times[at] = first;
  let time = first + distance;
  for (let index = at + 1; index < at + count; index += 1) {
    times[index] = time;
    time += distance;
  }
}

/** Walks the bytes of a chunk. Reading beyond the end gives zeros, which the caller finds by where it ended. */
class ChunkReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.at] ?? 0;
      this.at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  times(times: Float64Array, at: number, count: number, isUneven: boolean): void {
    const first = this.signed();
    const distance = count === 1 ? 0 : this.signed();
    if (isUneven) this.#sums(times, at, count, first, distance);
    else fillEvenly(times, at, count, first, distance);
  }

  values(sink: SampleSink, at: number, count: number, layout: number): void {
    sink.neverFalls = false;
    if (layout === valueLayouts.decimal) this.#decimals(sink, at, count);
    else if (layout === valueLayouts.xor) this.#xor(sink.valueWords, at, count);
    else this.#constant(sink, at, count);
  }

  flags(flags: Uint8Array, at: number, count: number): void {
    let index = 0;
    for (let left = this.varint(); left > 0; left -= 1) {
      index += this.varint();
      if (index >= count) throw damaged();
      flags[at + index] = this.#bytes[this.at] ?? 0;
      this.at += 1;
      index += 1;
    }
  }

  starts(starts: Float64Array, times: Float64Array, at: number, count: number, layout: number): void {
    if (layout === startLayouts.runs) this.#startRuns(starts, at, count);
    if (layout !== startLayouts.afterPrevious) return;
    for (let index = at; index < at + count; index += 1) {
      starts[index] = this.signed() + (index === at ? 0 : (times[index - 1] ?? 0));
    }
  }

  #startRuns(starts: Float64Array, at: number, count: number): void {
    let start = 0;
    for (let index = 0; index < count; ) {
      const length = this.varint();
      start += this.signed();
      if (length < 1) throw damaged();
      starts.fill(start, at + index, at + Math.min(count, index + length));
      index += length;
    }
  }

  /**
   * Numbers that each grow by `usual` and a signed varint more. Nearly all of these have one byte, and four such are taken at
   * once; others have two or three. What is added up is kept in arrays of doubles at first, or else the engine makes an
   * object of each sum, and the place is kept in a variable: 2 ns a number where it took 5.
   *
   * @returns the least growth, or 0 if none is less
   */
  #sums(into: Float64Array, from: number, count: number, first: number, growth: number): number {
    const bytes = this.#bytes;
    const end = from + count;
    const lastFour = bytes.length - 4;
    let at = this.at;
    into[from] = growth;
    const usual = into[from] ?? 0;
    into[from] = first;
    let sum = into[from] ?? 0;
    let least = 0;
    let index = from + 1;
    while (index < end) {
      const byte = bytes[at] ?? 0;
      if (byte < 0x80 && index + 4 <= end && at <= lastFour) {
        const second = bytes[at + 1] ?? 0;
        const third = bytes[at + 2] ?? 0;
        const fourth = bytes[at + 3] ?? 0;
        if ((byte | second | third | fourth) < 0x80) {
          const one = usual + (signedOfByte[byte] ?? 0);
          const two = usual + (signedOfByte[second] ?? 0);
          const three = usual + (signedOfByte[third] ?? 0);
          const four = usual + (signedOfByte[fourth] ?? 0);
          if (one < least) least = one;
          if (two < least) least = two;
          if (three < least) least = three;
          if (four < least) least = four;
          const afterOne = sum + one;
          const afterTwo = afterOne + two;
          const afterThree = afterTwo + three;
          sum = afterThree + four;
          into[index] = afterOne;
          into[index + 1] = afterTwo;
          into[index + 2] = afterThree;
          into[index + 3] = sum;
          index += 4;
          at += 4;
          continue;
        }
      }
      let step = usual;
      if (byte < 0x80) {
        at += 1;
        step += signedOfByte[byte] ?? 0;
      } else {
        this.at = at;
        step += this.#longSigned(byte);
        at = this.at;
      }
      if (step < least) least = step;
      sum += step;
      into[index] = sum;
      index += 1;
    }
    this.at = at;
    return least;
  }

  /** A signed varint of two bytes or more, of which the first one is known. */
  #longSigned(byte: number): number {
    const second = this.#bytes[this.at + 1] ?? 0;
    const third = this.#bytes[this.at + 2] ?? 0;
    if (second < 0x80) {
      this.at += 2;
      return signedOf((byte & 0x7f) | (second << 7));
    }
    if (third < 0x80) {
      this.at += 3;
      return signedOf((byte & 0x7f) | ((second & 0x7f) << 7) | (third << 14));
    }
    return this.signed();
  }

  #constant(sink: SampleSink, at: number, count: number): void {
    const { values, valueWords } = sink;
    this.#raw(valueWords, at);
    // As words: a NaN's payload need not survive being read as a number.
    const [low, high] = [valueWords[at * 2] ?? 0, valueWords[at * 2 + 1] ?? 0];
    const value = values[at] ?? 0;
    sink.neverFalls = !Number.isNaN(value);
    if (sink.neverFalls) values.fill(value, at, at + count);
    else {
      for (let index = at; index < at + count; index += 1) {
        valueWords[index * 2] = low;
        valueWords[index * 2 + 1] = high;
      }
    }
  }

  #decimals(sink: SampleSink, at: number, count: number): void {
    const { values, valueWords } = sink;
    const scale = powersOfTen[this.#bytes[this.at] ?? 0] ?? 1;
    this.at += 1;
    const first = this.signed();
    const usual = this.signed();
    const least = this.#sums(values, at, count, first, usual);
    if (scale !== 1) {
      for (let index = at; index < at + count; index += 1) values[index] = (values[index] ?? 0) / scale;
    }
    const others = this.varint();
    sink.neverFalls = least >= 0 && others === 0;
    let index = 0;
    for (let left = others; left > 0; left -= 1) {
      index += this.varint();
      if (index >= count) throw damaged();
      this.#raw(valueWords, at + index);
      index += 1;
    }
  }

  #raw(valueWords: Uint32Array, at: number): void {
    valueWords[at * 2] = this.#word();
    valueWords[at * 2 + 1] = this.#word();
  }

  #word(): number {
    const { at } = this;
    this.at += 4;
    const bytes = this.#bytes;
    return (
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)
    );
  }

  #xor(valueWords: Uint32Array, first: number, count: number): void {
    const bytes = this.#bytes;
    this.#raw(valueWords, first);
    let low = valueWords[first * 2] ?? 0;
    let high = valueWords[first * 2 + 1] ?? 0;
    let at = this.at;
    for (let index = first + 1; index < first + count; index += 1) {
      const control = bytes[at] ?? 0;
      at += 1;
      if (control !== sameValue) {
        const last = control & 7;
        for (let place = (control >> 3) & 7; place <= last; place += 1) {
          const byte = bytes[at] ?? 0;
          at += 1;
          if (place < 4) low ^= byte << (place * 8);
          else high ^= byte << (place * 8 - 32);
        }
      }
      valueWords[index * 2] = low;
      valueWords[index * 2 + 1] = high;
    }
    this.at = at;
  }
}
