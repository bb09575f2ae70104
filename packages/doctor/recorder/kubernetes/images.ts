import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startDockerRegistry } from '@maru/testkit';
import { elf } from '../../src/testing/layer.ts';
import { Pusher } from '../../src/testing/push.ts';
import { places } from '../tools/places.ts';

const root = '/srv/image';
const arm64 = 183;
const programs = [
  'sh',
  'sleep',
  'cat',
  'echo',
  'nc',
  'httpd',
  'mkdir',
  'touch',
  'dd',
  'tail',
  'kill',
  'printf',
];

interface Registry {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** A registry with BusyBox in it, and images that are wrong in one thing each. */
export async function startRegistry(): Promise<Registry> {
  const registry = await startDockerRegistry();
  const push = (repository: string): Pusher => new Pusher(registry.port, repository);
  const busybox = busyboxLayer();
  const env = { Env: ['PATH=/usr/local/bin:/bin'], Cmd: ['sh'] };
  const of = (config: object = {}, ...layers: readonly Buffer[]): Parameters<Pusher['image']>[1] => ({
    architecture: 'amd64',
    entrypoint: [],
    layers: [busybox, ...layers],
    config: { ...env, ...config },
  });
  await push('tools').image('1', of());
  await push('pause').image('1', of({ Entrypoint: ['sleep', '1000000'], Cmd: [] }));
  await push('opentelemetry-collector').image('0.140.0', of());
  await push('named-user').image('1', of({ User: 'node' }));
  await push('no-shebang').image('1', of({}, fileLayer('entrypoint.sh', 'echo "starting"\n', 0o755)));
  await push('not-executable').image('1', of({}, fileLayer('app/start', '#!/bin/sh\n', 0o644)));
  const program = fileLayer('app', elf(arm64), 0o755);
  await push('board-api').index('1.4', ['arm64']);
  await push('board-api').image('1.4-plain', {
    architecture: 'arm64',
    entrypoint: ['/app'],
    layers: [program],
  });
  await push('board-api').image('1.4-mislabelled', {
    architecture: 'amd64',
    entrypoint: ['/app'],
    layers: [program],
  });
  return registry;
}

function busyboxLayer(): Buffer {
  mkdirSync(join(root, 'bin'), { recursive: true });
  mkdirSync(join(root, 'tmp'), { recursive: true });
  copyFileSync(join(places.debian, 'bin/busybox'), join(root, 'bin/busybox'));
  chmodSync(join(root, 'bin/busybox'), 0o755);
  for (const program of programs) symlinkSync('busybox', join(root, 'bin', program));
  return packed(root);
}

function fileLayer(path: string, content: string | Buffer, mode: number): Buffer {
  const folder = join('/srv/layers', path.replaceAll('/', '-'), String(mode));
  mkdirSync(join(folder, dirname(path)), { recursive: true });
  writeFileSync(join(folder, path), content);
  chmodSync(join(folder, path), mode);
  return packed(folder);
}

function packed(folder: string): Buffer {
  return execFileSync('tar', ['-C', folder, '-cz', '.'], { maxBuffer: 100_000_000 });
}
