import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openCluster } from '../live.ts';
import { kubeconfigPaths, readKubeconfig } from './file.ts';
import { inClusterTarget } from './in-cluster.ts';
import { targetOf } from './resolve.ts';
import type { ClusterTarget } from './target.ts';

const root = mkdtempSync(join(tmpdir(), 'maru-kubeconfig-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder = '';
let next = 0;
beforeEach(() => {
  folder = join(root, String(next++));
  mkdirSync(folder);
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** A kubeconfig with one cluster and one user, as `az aks get-credentials` lays it out. */
function config(user: string, cluster = ''): string {
  return `apiVersion: v1
kind: Config
current-context: board-aks
clusters:
- name: board-aks
  cluster:
    server: https://board-dns-1a2b.hcp.koreacentral.azmk8s.io:443
${cluster}
contexts:
- name: board-aks
  context: { cluster: board-aks, user: me, namespace: hyunwoo-hw }
- name: no-cluster
  context: { cluster: gone, user: me }
users:
- name: me
  user:
${user}
`;
}

async function target(text: string, context?: string): Promise<ClusterTarget> {
  const read = await readKubeconfig([write('config', text)]);
  if (read === undefined) throw new Error('the file is there');
  return targetOf(read, context);
}

function program(name: string, script: string): string {
  const path = write(name, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('a kubeconfig', () => {
  it('tells the server, the namespace and the token of its current context', async () => {
    expect(await target(config('    token: s3cret'))).toMatchObject({
      name: 'context board-aks',
      server: new URL('https://board-dns-1a2b.hcp.koreacentral.azmk8s.io'),
      namespace: 'hyunwoo-hw',
      authorization: 'Bearer s3cret',
    });
  });

  it('holds certificates as data, or names files beside it', async () => {
    write('client.key', 'the key\n');
    const data = Buffer.from('the certificate').toString('base64');
    const user = `    client-certificate-data: ${data}\n    client-key: client.key`;
    write('ca.pem', 'the authority');
    const { tls } = await target(config(user, '    certificate-authority: ca.pem'));
    expect(tls).toEqual({
      ca: 'the authority',
      cert: 'the certificate',
      key: 'the key',
      isUnverified: false,
    });
  });

  it('may name a proxy, another name of the server, or no verification', async () => {
    const cluster =
      '    proxy-url: http://proxy.corp:3128\n    tls-server-name: kubernetes\n    insecure-skip-tls-verify: true';
    expect(await target(config('    token: x', cluster))).toMatchObject({
      proxy: new URL('http://proxy.corp:3128'),
      tls: { servername: 'kubernetes', isUnverified: true },
    });
  });

  it('of several files, the first to name an entry wins', async () => {
    const first = write('first', config('    token: first'));
    const second = write(
      'second',
      `${config('    token: second').replace('current-context: board-aks', '')}`,
    );
    const missing = join(folder, 'missing');
    const paths = kubeconfigPaths(undefined, { KUBECONFIG: [missing, first, second].join(':') });
    const read = await readKubeconfig(paths);
    expect(read?.currentContext).toBe('board-aks');
    expect(read?.users.get('me')?.value).toEqual({ token: 'first' });
  });
});

describe('a credential program', () => {
  const exec = (command: string, more = ''): string =>
    `    exec:\n      apiVersion: client.authentication.k8s.io/v1beta1\n      command: ${command}\n      args: [get-token]\n${more}`;

  it('gives a token for this run', async () => {
    const path = program(
      'kubelogin',
      'printf \'{"kind":"ExecCredential","status":{"token":"%s-%s"}}\' "$1" "$FLAVOUR"',
    );
    const more = '      env: [{ name: FLAVOUR, value: azure }]';
    expect(await target(config(exec(path, more)))).toMatchObject({
      authorization: 'Bearer get-token-azure',
    });
  });

  it('is told about the cluster where it wants that, and that nobody can answer it', async () => {
    const path = program(
      'plugin',
      'printf \'{"status":{"token":"%s"}}\' "$(printf %s "$KUBERNETES_EXEC_INFO" | base64 -w0)"',
    );
    const { authorization = '' } = await target(config(exec(path, '      provideClusterInfo: true')));
    const info = JSON.parse(Buffer.from(authorization.slice(7), 'base64').toString('utf8'));
    expect(info.spec).toMatchObject({
      interactive: false,
      cluster: { server: expect.stringContaining('azmk8s.io') },
    });
  });

  it('that is not installed is named, with how to get it', async () => {
    await expect(target(config(exec('kubelogin-that-is-not-here')))).rejects.toThrow(
      'logs in with kubelogin-that-is-not-here, which is not installed',
    );
    const gone = join(folder, 'kubelogin');
    await expect(target(config(exec(gone)))).rejects.toThrow(
      'logs in with kubelogin, which is not installed; install it with `az aks install-cli`',
    );
  });

  it('that fails is quoted', async () => {
    const path = program('az', 'echo "ERROR: Please run az login" >&2; exit 1');
    await expect(target(config(exec(path)))).rejects.toThrow(
      'login program az failed (ERROR: Please run az login); log in with `az login` and try again',
    );
  });

  it('that gives nothing useful is named', async () => {
    await expect(target(config(exec(program('plugin', 'echo hello'))))).rejects.toThrow(
      'gave no credential; run',
    );
  });
});

describe('what cannot be used is said in one sentence', () => {
  it.each([
    [
      'a context that is not there',
      config('    token: x'),
      'gone',
      /no context "gone"; choose one of board-aks/,
    ],
    ['a cluster that is not there', config('    token: x'), 'no-cluster', /names the cluster "gone"/],
    ['no current context', 'apiVersion: v1', undefined, /no current context; it has no contexts/],
    [
      'a file that is missing',
      config('    tokenFile: nowhere'),
      undefined,
      /tokenFile is the file .*nowhere/,
    ],
    ['SOCKS', config('    token: x', '    proxy-url: socks5://p:1080'), undefined, /SOCKS is not spoken/],
    [
      'a login of old',
      config('    auth-provider: { name: azure }'),
      undefined,
      /kubelogin convert-kubeconfig/,
    ],
  ])('%s', async (_, text, context, sentence) => {
    await expect(target(text, context)).rejects.toThrow(sentence);
  });

  it('no YAML, without quoting it', async () => {
    const path = write('config', 'users: [token: "s3cret');
    await expect(readKubeconfig([path])).rejects.toThrow(/is no valid YAML/);
    await expect(readKubeconfig([path])).rejects.not.toThrow(/s3cret/);
  });

  it('no cluster at all', async () => {
    await expect(openCluster({ env: { HOME: folder } })).rejects.toThrow(
      `there is no kubeconfig at ${folder}/.kube/config; give one with --kubeconfig FILE`,
    );
  });

  it.each([
    ['nothing that listens', 'https://127.0.0.1:1', /nothing listens there; is the cluster started/],
    ['a name that is not known', 'https://no-such-host.invalid', /its name is not known here/],
  ])('%s', async (_, server, sentence) => {
    const text = config('    token: x').replace(/https:\S+/, server);
    const opening = openCluster({ kubeconfig: write('config', text) });
    await expect(opening).rejects.toThrow(sentence);
  });
});

describe('inside of a pod', () => {
  const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };

  it('the ServiceAccount is who asks', async () => {
    write('token', 'pod-token\n');
    write('ca.crt', 'the authority');
    write('namespace', 'observability');
    expect(await inClusterTarget(env, folder)).toMatchObject({
      server: new URL('https://10.0.0.1'),
      namespace: 'observability',
      authorization: 'Bearer pod-token',
      tls: { ca: 'the authority' },
    });
  });

  it('without a token, and outside of one, there is no cluster', async () => {
    expect(await inClusterTarget(env, folder)).toBeUndefined();
    expect(await inClusterTarget({}, folder)).toBeUndefined();
  });
});
