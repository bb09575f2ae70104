import { ReadError, type ReadErrorKind } from '../reader.ts';

/** The engine's own error number ("Code: 241. DB::Exception: …"), when the error is the engine's. */
function engineCode(error: unknown): number | undefined {
  const match = /Code: (\d+)/.exec(messageOf(error));
  return match === null ? undefined : Number(match[1]);
}

/**
 * Engine errors that say nothing of the data: memory, disk, time, too many parts, cancelled, shutting down; of a server also
 * what its operator mends: tables, users and grants that are not there, settings that are refused, a cluster without its
 * keeper or its replicas.
 */
const passing: ReadonlySet<number> = new Set([
  32, 60, 74, 75, 76, 81, 115, 159, 160, 164, 192, 193, 194, 198, 202, 203, 209, 210, 225, 236, 241, 242, 243,
  244, 252, 279, 285, 286, 319, 392, 394, 415, 425, 439, 452, 497, 516, 517, 519, 571, 701, 719, 735, 746,
  999,
]);

/** Whether the same statement may succeed later, so that its input must be kept and not set aside. */
export function mayPass(error: unknown): boolean {
  const code = engineCode(error);
  return code === undefined || passing.has(code);
}

/** Whether it lacked memory: the same statement may succeed later, or never. */
export function lacksMemory(error: unknown): boolean {
  return engineCode(error) === 241;
}

const bytesOf: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** Whether it wanted more memory at once than it may have in all, so that it never succeeds. */
export function exceedsMemory(error: unknown): boolean {
  const sizes = /allocate chunk of ([\d.]+) (\w+).*maximum: ([\d.]+) (\w+)/.exec(messageOf(error));
  if (sizes === null || !lacksMemory(error)) return false;
  const [, chunk, chunkUnit = '', most, mostUnit = ''] = sizes;
  return Number(chunk) * (bytesOf[chunkUnit] ?? 0) > Number(most) * (bytesOf[mostUnit] ?? Number.NaN);
}

const kinds: Readonly<Record<number, ReadErrorKind>> = {
  158: 'too_many_rows',
  159: 'timeout',
  160: 'timeout',
  241: 'memory',
  307: 'too_many_rows',
  394: 'cancelled',
  396: 'too_many_rows',
};

/** The engine's failure as the store's own error, in one line and without the engine's stack. */
export function readError(error: unknown): ReadError {
  if (error instanceof ReadError) return error;
  const code = engineCode(error);
  const kind = code === undefined ? 'unavailable' : (kinds[code] ?? 'failed');
  return new ReadError(kind, firstSentence(messageOf(error)), { cause: error });
}

function firstSentence(message: string): string {
  const text = message.replace(/^.*?DB::Exception: /s, '').split('\n', 1)[0] ?? message;
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
