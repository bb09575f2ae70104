import { isIPv4 } from 'node:net';
import { type Answer, type Exchange, errorCode, exchange } from '../probe/exchange.ts';
import { type Credentials, fieldsOf } from './credentials.ts';
import type { ImageReference } from './reference.ts';

/** A registry as this run reaches it. */
export interface Registry {
  readonly origin: URL;
  readonly credentials?: Credentials;
  /** For each request, in milliseconds. */
  readonly timeoutMs: number;
  readonly ca?: string;
  /** Variables that name a proxy, as a pull heeds them. */
  readonly proxyEnv?: NodeJS.ProcessEnv;
}

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Blobs may lie on another host, and that one may send on once more. */
const mostRedirects = 3;

/**
 * Finds out whether the registry is reached by TLS. One on loopback may do without, as Docker has it; any other may not.
 * Rejects with the system's error.
 */
export async function openRegistry(
  { apiHost }: ImageReference,
  options: Omit<Registry, 'origin'>,
): Promise<Registry> {
  const secure: Registry = { ...options, origin: new URL(`https://${apiHost}`) };
  try {
    await ask(secure, '/v2/', {});
    return secure;
  } catch (thrown) {
    if (!isLoopback(secure.origin.hostname) || /CERT|SIGNED|ALTNAME/.test(errorCode(thrown))) throw thrown;
    const plain: Registry = { ...options, origin: new URL(`http://${apiHost}`) };
    await ask(plain, '/v2/', {});
    return plain;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

/** With all four media types: a registry answers 404 for an index to a client that names none (Docker's 2.8 does). */
export function getManifest(
  registry: Registry,
  { repository }: ImageReference,
  reference: string,
): Promise<Answer> {
  return authorized(registry, `/v2/${repository}/manifests/${reference}`, { accept: manifestTypes });
}

/** @param longestBody in bytes; what is longer is cut there */
export async function getBlob(
  registry: Registry,
  { repository }: ImageReference,
  digest: string,
  longestBody?: number,
): Promise<Answer> {
  const path = `/v2/${repository}/blobs/${digest}`;
  let answer = await authorized(registry, path, {}, longestBody);
  let from = new URL(path, registry.origin);
  for (let left = mostRedirects; left > 0 && isRedirect(answer); left--) {
    from = new URL(answer.headers.location ?? '', from);
    if (!maySend(from, registry)) return answer;
    // Without the Authorization header: the address is signed, and the other host must not see the key.
    answer = await send(registry, from, {}, longestBody);
  }
  return answer;
}

function isRedirect({ status, headers }: Answer): boolean {
  return status >= 300 && status < 400 && headers.location !== undefined;
}

/** To hosts that a registry names we speak TLS; without it only to loopback, from a registry on loopback. */
function maySend(url: URL, { origin }: Registry): boolean {
  const isPlainAtHome = url.protocol === 'http:' && isLoopback(url.hostname) && isLoopback(origin.hostname);
  return url.protocol === 'https:' || isPlainAtHome;
}

async function authorized(
  registry: Registry,
  path: string,
  headers: Readonly<Record<string, string>>,
  longestBody?: number,
): Promise<Answer> {
  const first = await ask(registry, path, headers, longestBody);
  if (first.status !== 401) return first;
  const authorization = await authorizationFor(registry, first.headers['www-authenticate'] ?? '');
  return authorization === undefined
    ? first
    : ask(registry, path, { ...headers, authorization }, longestBody);
}

function ask(
  registry: Registry,
  path: string,
  headers: Readonly<Record<string, string>>,
  longestBody?: number,
): Promise<Answer> {
  return send(registry, new URL(path, registry.origin), headers, longestBody);
}

function send(
  registry: Registry,
  url: URL,
  headers: Readonly<Record<string, string>>,
  longestBody?: number,
): Promise<Answer> {
  return exchange({
    method: 'GET',
    url,
    headers,
    ...connectionOf(registry, url),
    ...(longestBody === undefined ? {} : { longestBody }),
  });
}

/** What is on loopback is never asked for through a proxy, as Docker has it. */
function connectionOf(
  { timeoutMs, ca, proxyEnv }: Registry,
  url: URL,
): Pick<Exchange, 'timeoutMs' | 'ca' | 'proxyEnv'> {
  return {
    timeoutMs,
    ...(ca === undefined ? {} : { ca }),
    ...(proxyEnv === undefined || isLoopback(url.hostname) ? {} : { proxyEnv }),
  };
}

/** What a 401 asks for: Basic at once, or a token from where it says. Undefined when we cannot give it. */
async function authorizationFor(registry: Registry, challenge: string): Promise<string | undefined> {
  const { credentials } = registry;
  const basic = credentials?.basic ?? '';
  if (/^basic\b/i.test(challenge)) return basic === '' ? undefined : `Basic ${basic}`;
  if (!/^bearer\b/i.test(challenge)) return undefined;
  const asked = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  const realm = URL.parse(asked.get('realm') ?? '');
  if (realm === null || !maySend(realm, registry)) return undefined;
  const wanted = ['service', 'scope'].flatMap((name): [string, string][] => {
    const value = asked.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const token = await tokenFrom(registry, realm, wanted);
  return token === undefined ? undefined : `Bearer ${token}`;
}

async function tokenFrom(
  registry: Registry,
  realm: URL,
  wanted: readonly [string, string][],
): Promise<string | undefined> {
  const { credentials } = registry;
  const answer =
    credentials?.identityToken === undefined
      ? await askToken(registry, realm, wanted)
      : await refreshToken(registry, realm, wanted, credentials.identityToken);
  if (answer.status !== 200) return undefined;
  const fields = fieldsOf(parsed(answer.body));
  const token = fields.get('token') ?? fields.get('access_token');
  return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
}

function askToken(registry: Registry, realm: URL, wanted: readonly [string, string][]): Promise<Answer> {
  const url = new URL(realm);
  for (const [name, value] of wanted) url.searchParams.set(name, value);
  const basic = registry.credentials?.basic ?? '';
  return send(registry, url, basic === '' ? {} : { authorization: `Basic ${basic}` });
}

/** OAuth2, as Azure's registry has it after `az acr login`. */
function refreshToken(
  registry: Registry,
  url: URL,
  wanted: readonly [string, string][],
  identityToken: string,
): Promise<Answer> {
  const form = new URLSearchParams([...wanted]);
  form.set('grant_type', 'refresh_token');
  form.set('refresh_token', identityToken);
  return exchange({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(form.toString()),
    ...connectionOf(registry, url),
  });
}

/** Undefined for what is no JSON. */
export function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
