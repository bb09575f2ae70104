/** What the web server is told by its environment. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly apiUrl: URL;
  /** Where browsers' telemetry is passed on to: an OTLP/HTTP endpoint without `/v1/...`. */
  readonly otlpUrl: URL;
  /** Headers for that endpoint, from `OTEL_EXPORTER_OTLP_HEADERS`, so that browsers need no credentials. */
  readonly otlpHeaders: Readonly<Record<string, string>>;
}

/** A setting that cannot be used; its message is a whole sentence for the operator. */
export class SettingsError extends Error {}

/**
 * Reads the settings from environment variables.
 * @throws SettingsError when a variable cannot be used, naming it and what to write instead.
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  return {
    host: environment.HOST || '127.0.0.1',
    port: readPort(environment.PORT || '8080'),
    apiUrl: readUrl('BOARD_API_URL', environment.BOARD_API_URL || 'http://127.0.0.1:5000'),
    otlpUrl: readUrl(
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      environment.OTEL_EXPORTER_OTLP_ENDPOINT || 'http://127.0.0.1:4318',
    ),
    otlpHeaders: readHeaders(environment.OTEL_EXPORTER_OTLP_HEADERS ?? ''),
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new SettingsError(`cannot use PORT="${text}": write a whole number from 0 to 65535`);
}

function readUrl(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new SettingsError(`cannot use ${name}: write an address such as http://127.0.0.1:4318`);
}

/** `key=value,key=value` with percent-encoded values, as the OTLP exporter specification has it. */
function readHeaders(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      return [name.trim().toLowerCase(), decodeURIComponent(value.trim())];
    }),
  );
}
