import {
  boolean,
  defaulted,
  type Field,
  fields,
  Impossible,
  type Kind,
  made,
  name,
  optional,
  required,
  text,
  type ValuesOf,
} from '@maru/config';
import { filePath } from './kinds.ts';

/** A secret, written in the configuration or kept in a file that is read at each use. */
export type Secret = { readonly text: string } | { readonly path: string };

/** How a server is reached: what is shown to it, and whom of it to trust. */
export interface HttpAccess {
  readonly authorization?: Authorization;
  readonly tls: TlsAccess;
  readonly followRedirects: boolean;
}

export type Authorization =
  | { readonly kind: 'basic'; readonly username: string; readonly password: Secret }
  | { readonly kind: 'header'; readonly type: string; readonly credentials: Secret };

/** PEM in files or in the configuration itself. */
export interface TlsAccess {
  readonly ca?: Secret;
  readonly certificate?: Secret;
  readonly key?: Secret;
  readonly serverName?: string;
  readonly insecure: boolean;
}

const basic: Kind<Authorization> = made(
  fields({
    username: required(name, 'The user.'),
    password: optional(text, 'Its password.'),
    password_file: optional(filePath, 'A file that holds it.'),
  }),
  ({ username, password, password_file }): Authorization => ({
    kind: 'basic',
    username,
    password: secretOf(password, password_file) ?? { text: '' },
  }),
);

const header: Kind<Authorization> = made(
  fields({
    type: defaulted(name, 'Bearer', 'Bearer', 'The scheme.'),
    credentials: optional(text, 'What stands behind it.'),
    credentials_file: optional(filePath, 'A file that holds it.'),
  }),
  ({ type, credentials, credentials_file }): Authorization | Impossible => {
    const secret = secretOf(credentials, credentials_file);
    return secret === undefined
      ? new Impossible('needs credentials or credentials_file')
      : { kind: 'header', type, credentials: secret };
  },
);

const tls: Kind<TlsAccess> = made(
  fields({
    ca: optional(text, 'Authorities of the server, in PEM.'),
    ca_file: optional(filePath, 'A file that holds them.'),
    cert: optional(text, 'A certificate to show, in PEM.'),
    cert_file: optional(filePath, 'A file that holds it.'),
    key: optional(text, 'Its key, in PEM.'),
    key_file: optional(filePath, 'A file that holds it.'),
    server_name: optional(name, 'The name that the certificate must be for.'),
    insecure_skip_verify: defaulted(boolean, false, 'false', 'Trust whatever the server shows.'),
  }),
  (given): TlsAccess => ({
    ...present('ca', secretOf(given.ca, given.ca_file)),
    ...present('certificate', secretOf(given.cert, given.cert_file)),
    ...present('key', secretOf(given.key, given.key_file)),
    ...present('serverName', given.server_name),
    insecure: given.insecure_skip_verify,
  }),
);

/** Fields of a job, or of a way to discover, that say how its servers are reached. */
export const accessFields: {
  readonly basic_auth: Field<Authorization | undefined>;
  readonly authorization: Field<Authorization | undefined>;
  readonly bearer_token: Field<string | undefined>;
  readonly bearer_token_file: Field<string | undefined>;
  readonly tls_config: Field<TlsAccess>;
  readonly follow_redirects: Field<boolean>;
} = {
  basic_auth: optional(basic, 'A user and a password.'),
  authorization: optional(header, 'An Authorization header.'),
  bearer_token: optional(text, 'A token.'),
  bearer_token_file: optional(filePath, 'A file that holds it.'),
  tls_config: defaulted(tls, { insecure: false }, '', 'TLS.'),
  follow_redirects: defaulted(boolean, true, 'true', 'Whether redirects are followed.'),
};

/** The access that these fields say. */
export function accessOf(given: ValuesOf<typeof accessFields>): HttpAccess {
  const token = secretOf(given.bearer_token, given.bearer_token_file);
  const bearer = token && ({ kind: 'header', type: 'Bearer', credentials: token } as const);
  return {
    ...present('authorization', given.basic_auth ?? given.authorization ?? bearer),
    tls: given.tls_config,
    followRedirects: given.follow_redirects,
  };
}

function secretOf(written: string | undefined, path: string | undefined): Secret | undefined {
  if (written !== undefined) return { text: written };
  return path === undefined ? undefined : { path };
}

/** A property where there is a value, for types whose properties are there or not. */
export function present<Name extends string, Value>(
  key: Name,
  value: Value | undefined,
): { readonly [K in Name]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Name]: Value });
}
