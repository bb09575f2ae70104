import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { objectsOf, overlays, workloadsOf } from './objects.ts';
import { repository } from './repository.ts';

/** A kubectl that keeps each created object in a file, knows a Secret once it has its file, and tells the Board's key out of it. */
const kubectl = `#!/bin/sh
shift 2
case $1 in
  get) if test $# = 3; then test -e "$CLUSTER/$3"; else sed -n 's/^  board: "\\(.*\\)"/\\1/p' "$CLUSTER/$3" | base64; fi ;;
  create) cat >"$CLUSTER/new" && mv "$CLUSTER/new" "$CLUSTER/$(sed -n 's/^  name: //p' "$CLUSTER/new")" ;;
esac
`;

let bin: string;
let cluster: string;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'maru-kubectl-'));
  cluster = mkdtempSync(join(tmpdir(), 'maru-cluster-'));
  writeFileSync(join(bin, 'kubectl'), kubectl);
  chmodSync(join(bin, 'kubectl'), 0o755);
});

afterEach(() => {
  for (const dir of [bin, cluster]) rmSync(dir, { recursive: true, force: true });
});

type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

function run(script: string): Secrets {
  const path = [bin, dirname(process.execPath), process.env.PATH].join(delimiter);
  execFileSync(join(repository, 'deploy/kubernetes', script), {
    env: { PATH: path, CLUSTER: cluster },
    stdio: 'pipe',
  });
  return Object.fromEntries(
    readdirSync(cluster).map((name) => [name, parse(readFileSync(join(cluster, name), 'utf8')).stringData]),
  );
}

/** Both scripts, as README.md says. */
function createSecrets(): Secrets {
  run('create-secrets.sh');
  return run('create-keys.sh');
}

it('makes every Secret that the pods cannot start without', () => {
  const made = createSecrets();
  const pods = overlays
    .flatMap((overlay) => workloadsOf(objectsOf(overlay)))
    .map(({ spec }) => spec.template.spec);
  const needed = pods
    .flatMap(({ containers }) => containers.flatMap(({ env }) => env))
    .flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? [])
    .filter(({ optional }) => optional !== true);
  expect(needed.length).toBeGreaterThan(0);
  for (const { name, key } of needed) expect(made[name]).toHaveProperty(key);
});

it('makes the keys that the configuration names', () => {
  const config = overlays.flatMap(objectsOf).find(({ metadata }) => metadata.name === 'maru-config');
  const { keys }: { keys: Record<string, { secret_file: string }> } = parse(
    config?.data?.['maru.yaml'] ?? '',
  );
  expect(Object.values(keys).map(({ secret_file }) => basename(secret_file))).toEqual(
    Object.keys(createSecrets()['maru-keys'] ?? {}),
  );
});

it('makes values of 128 random bits, each another', () => {
  const { 'board-otlp': otlp, ...others } = createSecrets();
  const values = Object.values(others).flatMap((data) => Object.values(data));
  expect(values).toHaveLength(5);
  expect(new Set(values).size).toBe(5);
  for (const value of values) expect(value).toMatch(/^[0-9a-f]{32}$/);
  expect(otlp?.headers).toMatch(/^authorization=Bearer%20[0-9a-f]{32}$/);
});

it('gives the Board the key that Maru knows', () => {
  const { 'board-otlp': otlp, 'maru-keys': keys } = createSecrets();
  expect(otlp?.headers).toBe(`authorization=Bearer%20${keys?.board}`);
});

it('leaves what exists as it is', () => {
  const first = createSecrets();
  expect(createSecrets()).toEqual(first);
});
