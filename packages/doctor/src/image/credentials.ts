import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What `docker login` left for a registry. */
export interface Credentials {
  /** `user:password`, base64, as it stands in the file. */
  readonly basic: string;
  /** An OAuth2 refresh token, which Azure's registry gives in place of a password. */
  readonly identityToken?: string;
}

/** Where the login is looked for. */
export interface CredentialPlaces {
  /** Docker's folder; `DOCKER_CONFIG`, else `~/.docker`. */
  readonly dockerConfig?: string;
  /** For the credential helpers: their PATH above all. This process's own when left out. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Docker Hub's key in the file has stayed that of its first version. */
const hubKey = 'https://index.docker.io/v1/';
/** A helper that asks a person is given up on. */
const helperTimeoutMs = 10_000;

/**
 * The login for a registry as `docker pull` would find it in `config.json`: by the helper that `credHelpers` names for this
 * registry, else by that of `credsStore`, else in the file itself. Undefined when there is none.
 */
export async function credentialsFor(
  registry: string,
  {
    dockerConfig = process.env.DOCKER_CONFIG || join(homedir(), '.docker'),
    env = process.env,
  }: CredentialPlaces = {},
): Promise<Credentials | undefined> {
  const config = await readConfig(join(dockerConfig, 'config.json'));
  const keys = registry === 'docker.io' ? [hubKey, registry] : [registry, `https://${registry}`];
  const helpers = fieldsOf(config.get('credHelpers'));
  const own = keys.map((key) => helpers.get(key)).find((one) => one !== undefined);
  const helper = own ?? config.get('credsStore');
  if (typeof helper === 'string' && /^[\w.-]+$/.test(helper)) {
    const found = await askHelper(helper, keys[0] ?? registry, env);
    if (found !== undefined) return found;
  }
  const entries = fieldsOf(config.get('auths'));
  return inFile(fieldsOf(keys.map((key) => entries.get(key)).find((one) => one !== undefined)));
}

function inFile(entry: ReadonlyMap<string, unknown>): Credentials | undefined {
  const [basic, identityToken] = [entry.get('auth'), entry.get('identitytoken')];
  if (typeof basic !== 'string' || basic === '') return undefined;
  return { basic, ...(typeof identityToken === 'string' && identityToken !== '' ? { identityToken } : {}) };
}

async function readConfig(path: string): Promise<ReadonlyMap<string, unknown>> {
  try {
    return fieldsOf(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return new Map();
  }
}

/** `docker-credential-NAME get`, which reads the registry and prints a user and a secret; `<token>` is no user. */
function askHelper(name: string, registry: string, env: NodeJS.ProcessEnv): Promise<Credentials | undefined> {
  return new Promise((resolve) => {
    const options = { env, timeout: helperTimeoutMs, maxBuffer: 1 << 20 };
    const child = execFile(`docker-credential-${name}`, ['get'], options, (error, stdout) => {
      resolve(error === null ? printedBy(stdout) : undefined);
    });
    // A helper that is not there closes the pipe; that it failed is told by the callback.
    child.stdin?.on('error', () => undefined).end(registry);
  });
}

function printedBy(text: string): Credentials | undefined {
  try {
    const fields = fieldsOf(JSON.parse(text));
    const [user, secret] = [fields.get('Username'), fields.get('Secret')];
    if (typeof user !== 'string' || typeof secret !== 'string' || secret === '') return undefined;
    if (user === '<token>') return { basic: '', identityToken: secret };
    return { basic: Buffer.from(`${user}:${secret}`).toString('base64') };
  } catch {
    return undefined;
  }
}

/** The fields of what may be an object. */
export function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}
