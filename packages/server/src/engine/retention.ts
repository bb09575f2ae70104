import type { Database } from '@maru/store';

/** Drops whole days that are older than the retention; a day is dropped when all of it is. */
export async function dropExpired(
  store: Database,
  retentionDays: number,
  now: Date,
): Promise<readonly string[]> {
  const oldestKept = dayNumber(new Date(now.getTime() - retentionDays * 86_400_000));
  return store.dropDaysBefore(oldestKept);
}

function dayNumber(date: Date): number {
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}
