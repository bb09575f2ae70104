import { type Store, sql } from '@maru/store';
import { processCost } from '../shared/process-cost.ts';

/** Packs what was put into the store, and says what that cost and saved. */
export async function packStore({ chunks, reader }: Store): Promise<string> {
  const rowBytes = await bytesOnDisk(reader, 'number_points');
  const before = processCost(process.pid).cpuSeconds;
  const packed = await chunks?.pack();
  const cpuSeconds = processCost(process.pid).cpuSeconds - before;
  const samples = packed?.samples ?? 0;
  const chunkBytes = await bytesOnDisk(reader, 'number_chunks');
  const each = (bytes: number): string => (bytes / samples).toFixed(2);
  return `packed ${samples} samples: ${((cpuSeconds * 1e6) / samples).toFixed(2)} CPU-seconds a million; bytes a sample on disk ${each(rowBytes)} as rows, ${each(chunkBytes)} packed, ${each(packed?.bytes ?? 0)} on the way to a query`;
}

async function bytesOnDisk(reader: Store['reader'], table: string): Promise<number> {
  const [row] = await reader.rows<{ bytes: string }>(
    sql`SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND table = ${table}`,
  );
  return Number(row?.bytes);
}
