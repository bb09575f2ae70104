/**
 * The packed form of some samples of one series; docs/reference/chunk-format.md draws its bytes. Bits of the first byte.
 */
export const layoutBits = {
  unevenTimes: 0x01,
  /** Two bits: how values are written. */
  values: 0x06,
  flags: 0x08,
  /** Two bits: how start times are written. */
  starts: 0x30,
} as const;

/** How values are written: bits 1 and 2 of the first byte. */
export const valueLayouts = { constant: 0x00, decimal: 0x02, xor: 0x04 } as const;

/** How start times are written: bits 4 and 5 of the first byte. */
export const startLayouts = { none: 0x00, runs: 0x10, afterPrevious: 0x20 } as const;

/** More samples than this are never in one chunk: a reader knows what memory one can take. */
export const maxChunkSamples = 4096;

/** A control byte of XOR: the value is that before it. */
export const sameValue = 0x40;

/**
 * Whole numbers of decimal values stay below this, so that twice their difference is exact in a double.
 */
export const maxWhole: number = 2 ** 50;

/** Powers of ten that a double holds exactly and that values are scaled by. */
export const powersOfTen: Float64Array = Float64Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/** Samples of one series, in any order; all arrays are of one length. */
export interface SampleArrays {
  /** Milliseconds since 1970, whole numbers. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly flags: Uint8Array;
  /** When each sample's counter began, milliseconds since 1970, whole numbers; 0 where it is not known. */
  readonly starts: Float64Array;
}
