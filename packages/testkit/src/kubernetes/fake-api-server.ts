import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCertificate } from '../certificates.ts';
import { discoveryOf } from './discovery.ts';
import { type ApiRequest, apiRequestOf, matches, type RecordedObject } from './request.ts';
import { sendTroubled, type Trouble } from './trouble.ts';

/** What the server knows and how it behaves. */
export interface FakeApiOptions {
  /** As `kubectl get -o json` prints them, with `apiVersion` and `kind`. */
  readonly objects: readonly unknown[];
  /** Logs by `namespace/pod/container`; with `?previous` by `namespace/pod/container/previous`. */
  readonly logs?: Readonly<Record<string, string>>;
  /** Requests that RBAC refuses (403). */
  readonly refuses?: (request: ApiRequest) => boolean;
  /** Requests that go wrong in another way; `attempt` counts from 0 for each address. */
  readonly trouble?: (request: ApiRequest, attempt: number) => Trouble | undefined;
}

/** The token that the written kubeconfig holds; every other one is answered with 401. */
const token = 'fake-api-server-token';

/**
 * A Kubernetes API server over HTTPS that serves recorded objects to a real client: lists in pages, single objects, logs and
 * discovery; refusals, slowness and failures as asked. Writes are answered with 405.
 */
export class FakeApiServer {
  /** A file that names this server, its authority and a token. */
  readonly kubeconfig: string;
  /** The folder that a pod of this cluster would find its ServiceAccount in. */
  readonly accountFolder: string;
  /** What was asked so far, as `GET /api/v1/pods?limit=500`. */
  readonly requests: string[] = [];
  readonly url: string;
  readonly #close: () => Promise<void>;

  private constructor(url: string, folder: string, close: () => Promise<void>) {
    this.url = url;
    this.kubeconfig = join(folder, 'kubeconfig');
    this.accountFolder = folder;
    this.#close = close;
  }

  static async start(options: FakeApiOptions): Promise<FakeApiServer> {
    const folder = mkdtempSync(join(tmpdir(), 'maru-fake-api-'));
    const { certPath, keyPath } = issueCertificate(folder, 'kubernetes');
    const tls = { cert: readFileSync(certPath), key: readFileSync(keyPath) };
    const attempts = new Map<string, number>();
    const server = createServer(tls, (request, response) => {
      const address = request.url ?? '/';
      started.requests.push(`${request.method} ${address}`);
      const attempt = attempts.get(address) ?? 0;
      attempts.set(address, attempt + 1);
      answer(options, request, response, attempt);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    writeFileSync(join(folder, 'kubeconfig'), kubeconfigText(url, certPath));
    writeAccount(folder, certPath);
    const started = new FakeApiServer(url, folder, async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      rmSync(folder, { recursive: true, force: true });
    });
    return started;
  }

  close(): Promise<void> {
    return this.#close();
  }
}

function writeAccount(folder: string, certPath: string): void {
  writeFileSync(join(folder, 'token'), token);
  writeFileSync(join(folder, 'ca.crt'), readFileSync(certPath));
  writeFileSync(join(folder, 'namespace'), 'maru');
}

function kubeconfigText(url: string, certPath: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'fake',
    clusters: [{ name: 'fake', cluster: { server: url, 'certificate-authority': certPath } }],
    users: [{ name: 'fake', user: { token } }],
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake', namespace: 'board' } }],
  });
}

function answer(
  options: FakeApiOptions,
  request: IncomingMessage,
  response: ServerResponse,
  attempt: number,
): void {
  const asked = apiRequestOf(request.url ?? '/');
  const isKnown = request.headers.authorization === `Bearer ${token}`;
  const trouble = isKnown ? options.trouble?.(asked, attempt) : undefined;
  const serve = (): void => {
    const reply = isKnown ? replyTo(options, asked, request.method ?? '') : unauthorized;
    response.writeHead(reply.code, {
      'content-type': typeof reply.body === 'string' ? 'text/plain' : 'application/json',
    });
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  };
  if (trouble === undefined) serve();
  else sendTroubled(response, trouble, serve);
}

/** Text for a log, else what becomes JSON. */
interface Reply {
  readonly code: number;
  readonly body: unknown;
}

const unauthorized = status(401, 'Unauthorized', 'Unauthorized');
const notFound = status(404, 'NotFound', 'the server could not find the requested resource');

function replyTo(options: FakeApiOptions, asked: ApiRequest, method: string): Reply {
  if (method !== 'GET') return status(405, 'MethodNotAllowed', 'this server only reads');
  if (asked.resource !== '' && options.refuses?.(asked) === true) return forbidden(asked);
  if (asked.subresource === 'log') return logOf(options, asked);
  const objects = options.objects as readonly RecordedObject[];
  const isListed = asked.resource !== '' && asked.name === '';
  if (isListed) return listOf(objects, asked);
  const found =
    asked.resource === ''
      ? discoveryOf(asked.path, objects)
      : objects.find((object) => matches(object, asked) && object.metadata.name === asked.name);
  return found === undefined ? notFound : { code: 200, body: found };
}

/** Groups that an add-on brings are there only when an object of theirs was recorded. */
function listOf(objects: readonly RecordedObject[], asked: ApiRequest): Reply {
  const isBuiltIn =
    /^(?:v1|(?:apps|batch|autoscaling|policy|(?:networking|discovery|storage)\.k8s\.io)\/\w+)$/;
  const isServed =
    isBuiltIn.test(asked.groupVersion) || objects.some(({ apiVersion }) => apiVersion === asked.groupVersion);
  if (!isServed) return notFound;
  const found = objects.filter((object) => matches(object, asked));
  const start = Number(asked.query.get('continue') ?? 0);
  const end = start + Number(asked.query.get('limit') ?? found.length);
  const metadata = { resourceVersion: '1', ...(end >= found.length ? {} : { continue: String(end) }) };
  const items = found.slice(start, end).map(({ kind: _kind, apiVersion: _apiVersion, ...rest }) => rest);
  return { code: 200, body: { kind: 'List', apiVersion: asked.groupVersion, metadata, items } };
}

function logOf({ logs = {} }: FakeApiOptions, { namespace, name, query }: ApiRequest): Reply {
  const key = `${namespace}/${name}/${query.get('container')}`;
  const text = logs[query.get('previous') === 'true' ? `${key}/previous` : key];
  if (text === undefined) return status(400, 'BadRequest', 'no log is there for this container');
  const wanted = Number(query.get('tailLines') ?? Number.MAX_SAFE_INTEGER);
  return { code: 200, body: text.split('\n').slice(-wanted).join('\n') };
}

function forbidden({ verb, resource, groupVersion, namespace }: ApiRequest): Reply {
  const group = groupVersion.includes('/') ? groupVersion.split('/')[0] : '';
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const sentence = `${resource} is forbidden: User "system:serviceaccount:maru:maru" cannot ${verb} resource "${resource}" in API group "${group}" ${scope}`;
  return status(403, 'Forbidden', sentence);
}

function status(code: number, reason: string, message: string): Reply {
  return { code, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message } };
}
