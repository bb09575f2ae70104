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

/** Docker Hub's key in the file has stayed that of its first version. */
const hubKey = 'https://index.docker.io/v1/';

/**
 * Reads `config.json` of Docker. Undefined: none for this registry, or only behind a credential helper, which is a
 * program and not run.
 */
export async function credentialsFor(
  registry: string,
  dockerConfig: string = process.env.DOCKER_CONFIG || join(homedir(), '.docker'),
): Promise<Credentials | undefined> {
  try {
    const config: unknown = JSON.parse(await readFile(join(dockerConfig, 'config.json'), 'utf8'));
    const entries = fieldsOf(fieldsOf(config).get('auths'));
    const keys = registry === 'docker.io' ? [hubKey] : [registry, `https://${registry}`];
    const entry = fieldsOf(keys.map((key) => entries.get(key)).find((one) => one !== undefined));
    const [basic, identityToken] = [entry.get('auth'), entry.get('identitytoken')];
    if (typeof basic !== 'string' || basic === '') return undefined;
    return { basic, ...(typeof identityToken === 'string' ? { identityToken } : {}) };
  } catch {
    return undefined;
  }
}

/** The fields of what may be an object. */
export function fieldsOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}
