/** What the API is told by its environment, checked once at start. Telemetry has its own standard `OTEL_*` variables. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly adminPassword: string;
  /** Proxies whose `X-Forwarded-For` is believed, in the terms of `proxy-addr` (names or CIDR blocks). */
  readonly trustedProxies: readonly string[];
}

/** A setting that cannot be used; its message is a whole sentence for the operator. */
export class SettingsError extends Error {}

const defaultAdminPassword = 'admin';

/**
 * Reads the settings from environment variables.
 * @throws SettingsError when a variable cannot be used, naming it and what to write instead.
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const adminPassword = environment.BOARD_ADMIN_PASSWORD || defaultAdminPassword;
  refuseDefaultInProduction(adminPassword, environment.NODE_ENV);
  return {
    host: environment.HOST || '127.0.0.1',
    port: readPort(environment.PORT || '5000'),
    databaseUrl: environment.BOARD_DATABASE_URL || 'mysql://board@127.0.0.1:3306/board',
    adminPassword,
    trustedProxies: readList(environment.BOARD_TRUSTED_PROXIES ?? 'loopback,uniquelocal'),
  };
}

function refuseDefaultInProduction(adminPassword: string, nodeEnv: string | undefined): void {
  if (nodeEnv !== 'production' || adminPassword !== defaultAdminPassword) return;
  throw new SettingsError(
    'cannot start in production with the default admin password: set BOARD_ADMIN_PASSWORD to a password of your own',
  );
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new SettingsError(`cannot use PORT="${text}": write a whole number from 0 to 65535`);
}

function readList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
