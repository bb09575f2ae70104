import { execFile } from 'node:child_process';
import { isAbsolute, join } from 'node:path';
import { ClusterError } from '../errors.ts';
import { at, listAt, textAt } from '../json.ts';
import type { Credential } from './target.ts';

/** A login by browser does not happen here; a plugin that wants one is given up on. */
const timeoutMs = 30_000;

/**
 * Runs the kubeconfig's credential plugin as kubectl does (client.authentication.k8s.io), without a terminal: one that
 * would ask a person fails instead of waiting. Throws `ClusterError` naming the program that is missing or refused.
 */
export async function execCredential(exec: unknown, cluster: unknown, folder: string): Promise<Credential> {
  const command = textAt(exec, 'command');
  const path = command.includes('/') && !isAbsolute(command) ? join(folder, command) : command;
  const args = listAt(exec, 'args').map(String);
  const output = await runPlugin(path, args, environmentFor(exec, cluster), textAt(exec, 'installHint'));
  const status = statusIn(output);
  const [token, cert, key] = ['token', 'clientCertificateData', 'clientKeyData'].map((name) =>
    textAt(status, name),
  );
  if (token) return { authorization: `Bearer ${token}` };
  if (cert && key) return { cert, key };
  throw new ClusterError(
    `the kubeconfig's login program ${command} gave no credential; run \`${[command, ...args].join(' ')}\` to see what it says`,
  );
}

function environmentFor(exec: unknown, cluster: unknown): NodeJS.ProcessEnv {
  const own = Object.fromEntries(
    listAt(exec, 'env').map((one) => [textAt(one, 'name'), textAt(one, 'value')]),
  );
  const info = {
    apiVersion: textAt(exec, 'apiVersion') || 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(at(exec, 'provideClusterInfo') === true
        ? {
            cluster: {
              server: textAt(cluster, 'server'),
              'certificate-authority-data': textAt(cluster, 'certificate-authority-data'),
            },
          }
        : {}),
    },
  };
  return { ...process.env, ...own, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
}

function statusIn(output: string): unknown {
  try {
    return at(JSON.parse(output), 'status');
  } catch {
    return undefined;
  }
}

function runPlugin(
  path: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  hint: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env, timeout: timeoutMs, maxBuffer: 1 << 20 };
    const child = execFile(path, [...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new ClusterError(failureOf(path, error, stderr, hint)));
    });
    child.stdin?.end();
  });
}

function failureOf(
  path: string,
  error: { readonly code?: unknown; readonly killed?: boolean },
  stderr: string,
  hint: string,
): string {
  const name = path.split('/').at(-1) ?? path;
  if (error.code === 'ENOENT')
    return `the kubeconfig logs in with ${name}, which is not installed; ${remedyFor(name, hint)}`;
  if (error.killed === true)
    return `the kubeconfig's login program ${name} did not end within ${timeoutMs / 1_000} s; log in with it first`;
  const said = stderr.replace(/\s+/g, ' ').trim().slice(0, 300);
  return `the kubeconfig's login program ${name} failed (${said || `exit code ${String(error.code)}`}); ${loginFor(name)}`;
}

function remedyFor(name: string, hint: string): string {
  if (name === 'kubelogin') return 'install it with `az aks install-cli`';
  if (name === 'az') return 'install the Azure CLI (https://aka.ms/installazurecli), then `az login`';
  return hint.replace(/\s+/g, ' ').trim().slice(0, 300) || 'install it or put it on PATH';
}

function loginFor(name: string): string {
  return name === 'kubelogin' || name === 'az'
    ? 'log in with `az login` and try again'
    : 'log in with it and try again';
}
