import { type Database, identifier, sql } from '@maru/store';

/** Tables that are partitioned by day (`YYYYMMDD`). */
const dailyTables = [
  'spans',
  'logs',
  'number_points',
  'histogram_points',
  'exponential_histogram_points',
  'native_histogram_points',
  'summary_points',
  'exemplars',
];

/** Drops whole days that are older than the retention; a day is dropped when all of it is. */
export async function dropExpired(
  store: Database,
  retentionDays: number,
  now: Date,
): Promise<readonly string[]> {
  const oldestKept = dayNumber(new Date(now.getTime() - retentionDays * 86_400_000));
  const expired = await store.reader.rows<{ table: string; partition: string }>(sql`
    SELECT DISTINCT table, partition FROM system.parts
    WHERE database = currentDatabase() AND active AND table IN ${dailyTables} AND toUInt32OrZero(partition) < ${oldestKept}`);
  for (const { table, partition } of expired) {
    await store.write(sql`ALTER TABLE ${identifier(table)} DROP PARTITION ${Number(partition)}`);
  }
  return expired.map(({ table, partition }) => `${table}/${partition}`);
}

function dayNumber(date: Date): number {
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}
