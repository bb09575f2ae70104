/**
 * Why something was not taken, as the ledger, `/metrics` and docs/reference/rejections.md name it. The list is fixed: a new
 * reason is a change of the interface.
 *
 * The first group cuts single items out of a request; the second refuses whole requests. Where a request is refused
 * before its items could be counted it counts as one item.
 */
export const reasons = [
  'invalid_trace_id',
  'invalid_span_id',
  'invalid_parent_span_id',
  'time_missing',
  'time_out_of_range',
  'temporality_unspecified',
  'bucket_counts_mismatch',
  'native_histogram_invalid',
  'value_missing',
  'metric_name_missing',
  'metric_data_missing',
  'series_limit',

  'malformed',
  'too_large',
  'unsupported_content_type',
  'unsupported_encoding',
  'bad_compression',
  'wrong_port',
  'unauthorized',
  'forbidden',
  'rate_limited',
  'overloaded',
  'journal_full',
  'journal_error',
] as const;

export type Reason = (typeof reasons)[number];

/**
 * An error that refuses a whole request for a documented reason. `retryAfterSeconds` is set when the same request
 * may succeed later; without it the sender must not repeat it.
 */
export class Refusal extends Error {
  override readonly name: string = 'Refusal';
  readonly reason: Reason;
  readonly retryAfterSeconds: number | undefined;

  constructor(reason: Reason, sentence: string, retryAfterSeconds?: number, cause?: unknown) {
    super(sentence, cause === undefined ? {} : { cause });
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
