/**
 * Something went wrong that the person at the terminal can do something about. The message is one sentence: what
 * failed, on what, why, and what to do. It is printed without a stack trace.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** 2 for a mistake on the command line, 1 for the rest. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
