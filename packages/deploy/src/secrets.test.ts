import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { objectsOf, overlays, workloadsOf } from './objects.ts';
import { repository } from './repository.ts';

/**
 * A kubectl that keeps each created object in a file, knows a Secret once it has its file, and runs a pod's command
 * here, with a data directory of the test.
 */
const kubectl = `#!/bin/sh
shift 2
case $1 in
  get) test -e "$CLUSTER/$3" ;;
  exec) shift 3; cd "$REPOSITORY" && exec $(echo "$@" | sed "s#/data/maru#$DATA#") ;;
  create) cat >"$CLUSTER/new" && mv "$CLUSTER/new" "$CLUSTER/$(sed -n 's/^  name: //p' "$CLUSTER/new")" ;;
esac
`;

let bin: string;
let cluster: string;
let data: string;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'maru-kubectl-'));
  cluster = mkdtempSync(join(tmpdir(), 'maru-cluster-'));
  data = mkdtempSync(join(tmpdir(), 'maru-key-data-'));
  writeFileSync(join(bin, 'kubectl'), kubectl);
  chmodSync(join(bin, 'kubectl'), 0o755);
});

afterEach(() => {
  for (const dir of [bin, cluster, data]) rmSync(dir, { recursive: true, force: true });
});

type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

function run(script: string): Secrets {
  const path = [bin, dirname(process.execPath), process.env.PATH].join(delimiter);
  execFileSync(join(repository, 'deploy/kubernetes', script), {
    env: { PATH: path, CLUSTER: cluster, REPOSITORY: repository, DATA: data },
    stdio: 'pipe',
  });
  return Object.fromEntries(
    readdirSync(cluster).map((name) => [name, parse(readFileSync(join(cluster, name), 'utf8')).stringData]),
  );
}

function createSecrets(): Secrets {
  return run('create-secrets.sh');
}

it('makes every Secret that the pods cannot start without', () => {
  const made = createSecrets();
  const needed = overlays
    .flatMap((overlay) => workloadsOf(objectsOf(overlay)))
    .flatMap(({ spec }) => spec.template.spec.containers.flatMap(({ env }) => env))
    .flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? [])
    .filter(({ optional }) => optional !== true);
  expect(needed.length).toBeGreaterThan(0);
  for (const { name, key } of needed) expect(made[name]).toHaveProperty(key);
});

it('makes values of 128 random bits, each another', () => {
  const values = Object.values(createSecrets()).flatMap((data) => Object.values(data));
  expect(values).toHaveLength(3);
  expect(new Set(values).size).toBe(3);
  for (const value of values) expect(value).toMatch(/^[0-9a-f]{32}$/);
});

it('leaves what exists as it is', () => {
  const first = createSecrets();
  expect(createSecrets()).toEqual(first);
});

it('hands the Board a key that Maru made, once', () => {
  const made = run('create-key.sh');
  expect(made['board-otlp']?.headers).toMatch(/^authorization=Bearer%20[\w-]{20,}$/);
  expect(readFileSync(join(data, 'keys.json'), 'utf8')).toContain('board');
  expect(() => run('create-key.sh')).toThrow(/board-otlp exists and stays as it is/);
});
