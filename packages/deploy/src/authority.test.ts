import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCertificate } from '@maru/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { repository } from './repository.ts';

/** A kubectl that has a Secret in the file `authority`, and keeps what is applied in `applied`. */
const kubectl = `#!/bin/sh
case "$*" in
  '--namespace maru get secret maru-tls --output jsonpath={.data.ca\\.crt}') base64 -w0 "$CLUSTER/authority" ;;
  '--namespace board apply -f -') cat >"$CLUSTER/applied" ;;
  *) echo "unexpected: $*" >&2; exit 1 ;;
esac
`;

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'maru-authority-'));
  writeFileSync(join(dir, 'kubectl'), kubectl);
  chmodSync(join(dir, 'kubectl'), 0o755);
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

function copyAuthority(): ReturnType<typeof spawnSync> {
  const env = { PATH: `${dir}:${process.env.PATH}`, CLUSTER: dir };
  return spawnSync(`${repository}/deploy/kubernetes/copy-authority.sh`, { env, encoding: 'utf8' });
}

it('hands senders the certificate of the authority, as the ConfigMap that they mount', () => {
  const { certPath } = issueCertificate(dir, 'authority-of-maru');
  writeFileSync(join(dir, 'authority'), readFileSync(certPath));
  expect(copyAuthority().status).toBe(0);
  expect(parse(readFileSync(join(dir, 'applied'), 'utf8'))).toMatchObject({
    kind: 'ConfigMap',
    metadata: { name: 'maru-authority' },
    data: { 'ca.crt': readFileSync(certPath, 'utf8') },
  });
});

it('applies nothing when there is no certificate of an authority', () => {
  writeFileSync(join(dir, 'authority'), '');
  const { status, stderr } = copyAuthority();
  expect([status, stderr]).toEqual([1, expect.stringContaining('maru-tls has no ca.crt')]);
  expect(existsSync(join(dir, 'applied'))).toBe(false);
});
