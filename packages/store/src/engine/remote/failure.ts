import { ClickHouseError } from '@clickhouse/client';
import { ReadError } from '../../reader.ts';

/**
 * A failure of a statement in the words that the engine in the process uses (`Code: 241. DB::Exception: …`), so that one
 * table tells what each means. One that is not the engine's own means that the server could not be asked.
 */
export function remoteFailure(error: unknown, shown: string): Error {
  if (error instanceof ReadError) return error;
  if (error instanceof ClickHouseError && error.code !== '')
    return new Error(`Code: ${error.code}. DB::Exception: ${error.message.trim()} (${error.type ?? ''})`);
  if (error instanceof Error && /^Code: \d+/.test(error.message)) return new Error(error.message.trim());
  return new ReadError('unavailable', `cannot ask the store at ${shown}: ${reasonOf(error)}`, {
    cause: error,
  });
}

/** Node's error of an address with several IPs has no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.split('\n', 1)[0] ?? text;
}
