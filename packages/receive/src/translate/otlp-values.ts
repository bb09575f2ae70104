/** The bits of Prometheus's stale marker. */
export const staleBits: bigint = 0x7ff0000000000002n;

/** OTLP's flag of a point that only says that its series has ended. */
export const noRecordedValue = 1;

/** OTLP's number of cumulative temporality. */
export const cumulative = 2;

const latestMs = 2n ** 63n / 1_000_000n;

/**
 * Milliseconds as OTLP's nanoseconds. A time that cannot be becomes one that the check rejects, with its reason. The very
 * first millisecond of 1970, which is a time to Prometheus, would read as none: it is put a nanosecond later.
 */
export function nanos(milliseconds: bigint): bigint {
  if (milliseconds < 0n || milliseconds > latestMs) return 2n ** 63n;
  return milliseconds === 0n ? 1n : milliseconds * 1_000_000n;
}

/** When a counter began, in nanoseconds; 0 is not known. */
export function startNanos(milliseconds: bigint): bigint {
  return milliseconds === 0n ? 0n : nanos(milliseconds);
}
