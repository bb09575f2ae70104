import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { nodeProgram } from './tools/places.ts';

/**
 * Lets real tools fail, each in the way that a cause of the doctor tells of, and writes what they say to
 * `testdata/recorded`:
 *
 *     packages/doctor/recorder/prepare.sh
 *     node packages/doctor/recorder/record.ts node mariadb …      all that is known without a name
 *
 * Everything runs in a mount, process and network namespace of its own, in which loopback and what is made there are the
 * whole network. Needs root.
 */
const recorders: Readonly<Record<string, () => Promise<{ readonly record: () => Promise<void> }>>> = {
  node: () => import('./programs/node.ts'),
  mariadb: () => import('./programs/mariadb.ts'),
  kubernetes: () => import('./kubernetes/record.ts'),
  telemetry: () => import('./programs/telemetry.ts'),
  collector: () => import('./programs/collector.ts'),
  nginx: () => import('./programs/nginx.ts'),
  browser: () => import('./programs/browser.ts'),
  stack: () => import('./programs/stack.ts'),
  registry: () => import('./programs/registry.ts'),
};

const inside = 'MARU_RECORDER_INSIDE';

async function recordAll(names: readonly string[]): Promise<void> {
  spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', '/srv']);
  spawnSync('ip', ['link', 'set', 'lo', 'up']);
  mkdirSync('/srv/bin');
  copyFileSync(process.execPath, nodeProgram);
  for (const name of names.length === 0 ? Object.keys(recorders) : names) {
    const recorder = recorders[name];
    if (recorder === undefined)
      throw new Error(`no recorder ${name}: there are ${Object.keys(recorders).join(', ')}`);
    await (await recorder()).record();
  }
}

function again(): number {
  const own = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const { status } = spawnSync('unshare', [...own, process.execPath, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [inside]: '1' },
  });
  return status ?? 1;
}

if (process.env[inside] === undefined) process.exitCode = again();
else await recordAll(process.argv.slice(2));
