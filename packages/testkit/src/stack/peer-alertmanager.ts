import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-ports.ts';
import { ended, untilReady } from './peer-process.ts';

/** A real Alertmanager in a directory of its own, which tells nobody. */
export interface PeerAlertmanager {
  readonly url: string;
  stop(): Promise<void>;
}

/** Debian's name first. */
const names = ['prometheus-alertmanager', 'alertmanager'];

/** The `alertmanager` on the PATH; `undefined` when there is none. */
export function alertmanagerProgram(): string | undefined {
  return names.find((name) => spawnSync(name, ['--version']).status === 0);
}

/** Starts it. Throws when it is not ready within 30 s. */
export async function startPeerAlertmanager(program: string): Promise<PeerAlertmanager> {
  const directory = mkdtempSync(join(tmpdir(), 'maru-alertmanager-'));
  const config = join(directory, 'alertmanager.yml');
  writeFileSync(config, 'route: {receiver: nobody}\nreceivers: [{name: nobody}]\n');
  const address = `127.0.0.1:${(await freePorts(1))[0]}`;
  const child = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.path=${join(directory, 'data')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  );
  const url = `http://${address}`;
  const stop = async (): Promise<void> => {
    await ended(child);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await untilReady(`${url}/-/ready`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}
