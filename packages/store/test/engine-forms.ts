import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultNaming } from '@maru/otlp/prometheus';
import { RunningClickHouse } from '@maru/testkit';
import { EmbeddedEngine } from '../src/engine/embedded/engine.ts';
import type { Engine } from '../src/engine/engine.ts';
import { RemoteEngine } from '../src/engine/remote/engine.ts';

const memoryBytes = 512 * 1024 * 1024;

/** An engine without a store around it. */
export interface OpenedEngine {
  readonly engine: Engine;
  close(): Promise<void>;
}

/** The forms of the engine, for what is asked of its sessions alone. */
export const engineForms: readonly (readonly [string, () => Promise<OpenedEngine>])[] = [
  ['chDB in the process', openEmbedded],
  ['ClickHouse by URL', openRemote],
];

async function openEmbedded(): Promise<OpenedEngine> {
  const directory = mkdtempSync(join(tmpdir(), 'maru-engine-'));
  const engine = new EmbeddedEngine({ directory: join(directory, 'engine'), memoryBytes });
  return {
    engine,
    close: async () => {
      await engine.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function openRemote(): Promise<OpenedEngine> {
  const server = await RunningClickHouse.start();
  const options = { url: server.url(), memoryBytes, source: 'contract', naming: defaultNaming };
  const engine = new RemoteEngine(options, () => undefined);
  await engine.prepare();
  return {
    engine,
    close: async () => {
      await engine.close();
      await server.close();
    },
  };
}
