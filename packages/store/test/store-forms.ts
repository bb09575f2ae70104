import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { defaultNaming } from '@maru/otlp/prometheus';
import { RunningClickHouse } from '@maru/testkit';
import { insertFromFile } from '../src/engine/embedded/file-messages.ts';
import type { SegmentFile, SegmentInsert } from '../src/engine/engine.ts';
import { RemoteEngine } from '../src/engine/remote/engine.ts';
import { sql } from '../src/sql.ts';
import { openStore, type Store } from '../src/store.ts';

const memoryBytes = 512 * 1024 * 1024;

/** An empty store of one form, and a directory for segments. */
export interface OpenedForm {
  readonly directory: string;
  readonly store: Store;
  /** Runs one statement of a load alone, as if the rest of the load had not been reached. */
  insertAlone(statement: SegmentInsert, segment: SegmentFile): Promise<void>;
  close(): Promise<void>;
}

/** The forms of the store's engine; each keeps the same contract. */
export const storeForms: readonly (readonly [string, () => Promise<OpenedForm>])[] = [
  ['chDB in the process', openEmbeddedForm],
  ['ClickHouse by URL', openRemoteForm],
];

async function openEmbeddedForm(): Promise<OpenedForm> {
  const directory = mkdtempSync(join(tmpdir(), 'maru-store-'));
  const store = openStore({ directory: join(directory, 'engine'), memoryBytes });
  return {
    directory,
    store,
    insertAlone: async (statement, segment) => {
      await store.write(insertFromFile(statement, segment));
      await store.write(sql`TRUNCATE TABLE number_points_series`);
    },
    close: async () => {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function openRemoteForm(): Promise<OpenedForm> {
  const server = await RunningClickHouse.start();
  const directory = mkdtempSync(join(tmpdir(), 'maru-store-'));
  const options = { url: server.url(), memoryBytes, source: 'contract' };
  const store = openStore({ ...options, report: () => undefined });
  await untilUsable(store);
  const apart = new RemoteEngine({ ...options, naming: defaultNaming }, () => undefined);
  return {
    directory,
    store,
    insertAlone: (statement, segment) => apart.open().insert(statement, segment),
    close: async () => {
      await apart.close();
      await store.close();
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Resolves when a store can be used. Throws with what is in the way when it cannot within 30 s. */
export async function untilUsable(store: Store): Promise<void> {
  const end = performance.now() + 30_000;
  for (;;) {
    const health = store.health();
    if (health.ready) return;
    if (performance.now() > end) throw new Error(health.reason);
    await delay(20);
  }
}
