import { Refusal } from '@maru/ledger';

/** Seconds after which a sender may try again when the journal could not take a request. */
const retryAfterSeconds = 5;

/** The journal's limit or the disk's floor is reached; the request was not written. */
export class JournalFull extends Refusal {
  override readonly name = 'JournalFull';

  constructor(sentence: string) {
    super('journal_full', sentence, retryAfterSeconds);
  }
}

/** The disk failed a write or a sync; whatever the request left behind was cut off again. */
export class JournalError extends Refusal {
  override readonly name = 'JournalError';

  constructor(directory: string, cause: unknown) {
    const what = cause instanceof Error ? cause.message : String(cause);
    super('journal_error', `cannot write to the journal in ${directory}: ${what}`, retryAfterSeconds, cause);
  }
}
