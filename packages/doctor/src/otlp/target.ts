/** How OTLP is carried, under the names of `OTEL_EXPORTER_OTLP_PROTOCOL`. */
export type OtlpProtocol = 'http/protobuf' | 'http/json' | 'grpc';

export const otlpProtocols: readonly OtlpProtocol[] = ['http/protobuf', 'http/json', 'grpc'];

/** What to probe. */
export interface OtlpTarget {
  /** As `OTEL_EXPORTER_OTLP_ENDPOINT`: the base to which SDKs add `/v1/traces` and so on. Without user and password. */
  readonly base: URL;
  readonly protocol: OtlpProtocol;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The address of the stack's query APIs, to read the probe back; undefined: not read back. */
  readonly query?: URL;
  /** Of the questions there, such as a key that reads. */
  readonly queryHeaders?: Readonly<Record<string, string>>;
  /** PEM of the authorities to trust instead of the system's. */
  readonly ca?: string;
  /** For each step, in milliseconds. */
  readonly timeoutMs: number;
}

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** The host as the resolver takes it: an IPv6 address without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

export function portOf(url: URL): number {
  return url.port === '' ? (defaultPorts[url.protocol] ?? 0) : Number(url.port);
}

export function isTls(url: URL): boolean {
  return url.protocol === 'https:';
}

/** The base with a path added as SDKs add it: one slash between, what stands before stays. */
export function withPath(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = url.pathname.replace(/\/*$/, '') + path;
  return url;
}

/** User and password in an address are sent as Basic; an `authorization` header that was given wins. */
export function withoutUser(
  address: URL,
  headers: Readonly<Record<string, string>>,
): Pick<OtlpTarget, 'base' | 'headers'> {
  const base = new URL(address);
  if (base.username === '' && base.password === '') return { base, headers };
  const pair = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`;
  base.username = '';
  base.password = '';
  return { base, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}`, ...headers } };
}
