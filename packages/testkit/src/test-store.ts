import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkLogs, checkTraces, concat, fixed64Field, noKinds, varint } from '@maru/otlp';
import { openStore, type Store } from '@maru/store';

/** A real store in a directory of its own, filled as the server fills it: checked, written as a segment, loaded. */
export interface TestStore {
  readonly store: Store;
  /** Loads one export request. Throws when the check would cut anything out of it. */
  load(signal: 'traces' | 'logs', request: Uint8Array): Promise<void>;
  /** Closes the store and removes its directory. */
  close(): Promise<void>;
}

/** Opens an empty store; whoever opens it closes it. One a test file: a process holds one engine directory. */
export function openTestStore(): TestStore {
  const directory = mkdtempSync(join(tmpdir(), 'maru-test-'));
  const store = openStore({ directory: join(directory, 'engine'), memoryBytes: 512 * 1024 * 1024 });
  let segments = 0;
  return {
    store,
    async load(signal, request) {
      segments += 1;
      const path = join(directory, `${signal}-${segments}`);
      writeFileSync(path, segment(signal, request));
      await store.loader.load({ signal, path, token: `${signal}/${segments}`, kinds: noKinds });
    },
    async close() {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** One length-delimited message with the journal's time of receipt. */
function segment(signal: 'traces' | 'logs', request: Uint8Array): Uint8Array {
  const checked = signal === 'traces' ? checkTraces(request) : checkLogs(request);
  const refused = checked.malformed?.what ?? checked.rejections[0]?.detail;
  if (refused !== undefined) throw new Error(`the test's ${signal} are refused: ${refused}`);
  const message = concat(checked.bytes, fixed64Field(1001, BigInt(Date.now()) * 1_000_000n));
  return concat(varint(message.length), message);
}
