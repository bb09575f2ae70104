import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openStore, type Store } from '@maru/store';
import { writtenOnce } from '../keys/written-once.ts';
import type { Settings } from '../settings.ts';

/** The store that the settings name: the engine in this process, or a ClickHouse server. Who opens it closes it. */
export async function openChosenStore(
  settings: Settings,
  report: (sentence: string) => void,
): Promise<Store> {
  const { dataDir, engineMemoryBytes: memoryBytes, naming, storeUrl } = settings;
  if (storeUrl === undefined) return openStore({ directory: join(dataDir, 'engine'), memoryBytes, naming });
  const source = await writtenOnce(join(dataDir, 'source-id'), randomUUID);
  return openStore({ url: storeUrl, memoryBytes, naming, source, report });
}
