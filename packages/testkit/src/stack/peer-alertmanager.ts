import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type PeerProcess, startPeer } from './peer-process.ts';

/** Debian's name first. */
const names = ['prometheus-alertmanager', 'alertmanager'];

/** The `alertmanager` on the PATH; `undefined` when there is none. */
export function alertmanagerProgram(): string | undefined {
  return names.find((name) => spawnSync(name, ['--version']).status === 0);
}

/** A real Alertmanager that tells nobody. Throws when it is not ready within 30 s. */
export function startPeerAlertmanager(program: string): Promise<PeerProcess> {
  return startPeer({
    program,
    config: ['alertmanager.yml', 'route: {receiver: nobody}\nreceivers: [{name: nobody}]\n'],
    args: (directory, address) => [
      `--config.file=${join(directory, 'alertmanager.yml')}`,
      `--storage.path=${join(directory, 'data')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
  });
}
