import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Credentials, credentialsFor } from './credentials.ts';

const login = Buffer.from('someone:p4ssw0rd').toString('base64');
let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'maru-docker-config-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function find(registry: string, config: unknown): Promise<Credentials | undefined> {
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config));
  return credentialsFor(registry, { dockerConfig: dir, env: { PATH: `${dir}:/usr/bin:/bin` } });
}

/** A helper that knows one registry. */
function helper(name: string, registry: string, printed: unknown): void {
  const path = join(dir, `docker-credential-${name}`);
  writeFileSync(
    path,
    `#!/bin/sh\n[ "$1" = get ] && [ "$(cat)" = "${registry}" ] || exit 1\necho '${JSON.stringify(printed)}'\n`,
  );
  chmodSync(path, 0o755);
}

describe('the login for a registry', () => {
  it('stands in the file, for this registry alone', async () => {
    const config = { auths: { 'a.example': { auth: login } } };
    expect(await find('a.example', config)).toEqual({ basic: login });
    expect(await find('b.example', config)).toBeUndefined();
  });

  it('of Docker Hub stands under the address of its first version', async () => {
    expect(await find('docker.io', { auths: { 'https://index.docker.io/v1/': { auth: login } } })).toEqual({
      basic: login,
    });
  });

  it('is given by the helper for all registries, and by that of one before it', async () => {
    helper('desktop', 'a.example', { Username: 'someone', Secret: 'p4ssw0rd' });
    helper('gcr', 'b.example', { Username: 'robot', Secret: 'k3y' });
    const config = { credsStore: 'desktop', credHelpers: { 'b.example': 'gcr' }, auths: { 'a.example': {} } };
    expect(await find('a.example', config)).toEqual({ basic: login });
    expect(await find('b.example', config)).toEqual({ basic: Buffer.from('robot:k3y').toString('base64') });
  });

  it('of Azure is a token in place of a password', async () => {
    helper('desktop', 'hw.azurecr.io', { Username: '<token>', Secret: 'refresh-token' });
    expect(await find('hw.azurecr.io', { credsStore: 'desktop' })).toEqual({
      basic: '',
      identityToken: 'refresh-token',
    });
  });

  it('is none where the helper is missing, fails or prints nonsense, unless the file has it', async () => {
    helper('desktop', 'another.example', {});
    const auths = { 'a.example': { auth: login } };
    expect(await find('a.example', { credsStore: 'not-here' })).toBeUndefined();
    expect(await find('a.example', { credsStore: 'desktop' })).toBeUndefined();
    expect(await find('a.example', { credsStore: '../evil', auths })).toEqual({ basic: login });
    expect(await credentialsFor('a.example', { dockerConfig: join(dir, 'none') })).toBeUndefined();
  });
});
