/** Where a ClickHouse server is, and as whom it is asked. */
export interface StoreAddress {
  /** Of its HTTP interface, without user and password. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** The database of the store's tables; those of tenants begin with its name. */
  readonly database: string;
  /** The cluster, as the server's configuration calls it, whose nodes share the tables. */
  readonly cluster?: string;
  /** Absolute path of the authority's certificate, in PEM, when it is none that Node knows. */
  readonly caPath?: string;
  /** Whether what goes over the wire is compressed. */
  readonly compress: boolean;
  /** The address as people may see it: no password in it. */
  readonly shown: string;
}

const shape = 'clickhouse://user:password@host:8443/database?secure=1';
const parameters: ReadonlySet<string> = new Set(['secure', 'cluster', 'ca', 'compress']);
/** As the schema's own text and system tables hold them, without quoting. */
const plainName = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** Reads the address of a store. Throws one sentence, which does not repeat the text: a password may stand in it. */
export function parseStoreAddress(text: string): StoreAddress {
  const url = URL.canParse(text) ? new URL(text) : refuse('it is no URL');
  if (url.protocol !== 'clickhouse:') refuse(`it begins with ${url.protocol}//`);
  if (url.hostname === '') refuse('it has no host');
  for (const name of url.searchParams.keys())
    if (!parameters.has(name)) refuse(`it has a parameter ${name}; there are ${[...parameters].join(', ')}`);
  const secure = flag(url, 'secure');
  const port = url.port === '' ? (secure ? '8443' : '8123') : url.port;
  const database = decoded(url.pathname.slice(1)) || 'maru';
  const cluster = url.searchParams.get('cluster');
  const caPath = url.searchParams.get('ca');
  for (const name of [database, cluster ?? 'cluster'])
    if (!plainName.test(name))
      refuse('names of databases and clusters take letters, digits and _, at most 64');
  if (caPath !== null && !caPath.startsWith('/')) refuse('the path of ca is not absolute');
  return {
    url: `${secure ? 'https' : 'http'}://${url.hostname}:${port}`,
    user: decoded(url.username) || 'default',
    password: decoded(url.password),
    database,
    ...(cluster !== null && { cluster }),
    ...(caPath !== null && { caPath }),
    compress: flag(url, 'compress'),
    shown: `clickhouse://${url.hostname}:${port}/${database}`,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse('a % in it is not followed by two hexadecimal digits, as percent-encoding wants');
  }
}

function flag(url: URL, name: string): boolean {
  const value = url.searchParams.get(name) ?? '0';
  if (value !== '0' && value !== '1') refuse(`${name} takes 0 or 1`);
  return value === '1';
}

function refuse(why: string): never {
  throw new Error(`the store's address is not one like ${shape}: ${why}`);
}
