/** Where one signal will be sent. */
export interface SignalPlan {
  readonly signal: 'traces' | 'metrics' | 'logs';
  /** `otlp`, `none`, `console` …; several are separated by commas. */
  readonly exporter: string;
  /** The address as the SDK will use it; empty when this signal is not sent by OTLP. */
  readonly url: string;
  /** `http/protobuf`, `grpc` or `http/json`; the specification's default when it is not set. */
  readonly protocol: string;
  /** Names of the headers, without their values. */
  readonly headers: readonly string[];
}

/** What an SDK will do with a set of `OTEL_*` variables. */
export interface SettingsPlan {
  readonly isDisabled: boolean;
  readonly serviceName: string;
  readonly sampler: string;
  readonly signals: readonly SignalPlan[];
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Follows the rules of OpenTelemetry's specification (OTLP exporter, SDK environment variables): a signal's own variable
 * wins over the common one, the common endpoint gets the signal's path appended, the signal's own is used as it is.
 */
export function planOf(variables: Variables): SettingsPlan {
  const attributes = variables.OTEL_RESOURCE_ATTRIBUTES ?? '';
  const fromAttributes = /(?:^|,)\s*service\.name=([^,]*)/.exec(attributes)?.[1];
  const sampler = variables.OTEL_TRACES_SAMPLER || 'parentbased_always_on';
  const ratio = /traceidratio$/.test(sampler) ? ` ${variables.OTEL_TRACES_SAMPLER_ARG || '1'}` : '';
  return {
    isDisabled: /^true$/i.test(variables.OTEL_SDK_DISABLED ?? ''),
    serviceName: variables.OTEL_SERVICE_NAME || fromAttributes || 'unknown_service',
    sampler: sampler + ratio,
    signals: (['traces', 'metrics', 'logs'] as const).map((signal) => signalPlan(signal, variables)),
  };
}

function signalPlan(signal: SignalPlan['signal'], variables: Variables): SignalPlan {
  const upper = signal.toUpperCase();
  const exporter = variables[`OTEL_${upper}_EXPORTER`] || 'otlp';
  const own = (name: string): string =>
    variables[`OTEL_EXPORTER_OTLP_${upper}_${name}`] || variables[`OTEL_EXPORTER_OTLP_${name}`] || '';
  const protocol = own('PROTOCOL') || 'http/protobuf';
  const isSent = exporter.split(',').some((name) => name.trim() === 'otlp');
  return {
    signal,
    exporter,
    url: isSent ? withoutLogin(urlOf(signal, protocol, variables)) : '',
    protocol,
    headers: own('HEADERS')
      .split(',')
      .map((pair) => pair.split('=')[0]?.trim() ?? '')
      .filter((name) => name !== ''),
  };
}

function urlOf(signal: string, protocol: string, variables: Variables): string {
  const own = variables[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`];
  if (own) return own;
  const base = variables.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (protocol === 'grpc') return base || 'http://localhost:4317';
  return `${(base || 'http://localhost:4318').replace(/\/+$/, '')}/v1/${signal}`;
}

/** A login or a key in the query is not shown. */
function withoutLogin(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1').replace(/\?.*$/, '?…');
}

/** `NAME=value` lines, as `env` prints them and `.env` files hold them; comments and all else are left out. */
export function variablesIn(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(/\r?\n/).map((line) => /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line));
  return Object.fromEntries(
    pairs
      .filter((pair) => pair !== null)
      .map(([, name = '', value = '']) => [name, value.trim().replace(/^(["'])(.*)\1$/, '$2')]),
  );
}

/** The plan for a person, a line for each thing that it decides. */
export function planLines({ isDisabled, serviceName, sampler, signals }: SettingsPlan): readonly string[] {
  if (isDisabled) return ['OTEL_SDK_DISABLED=true: nothing is sent'];
  return [
    `service  ${serviceName}`,
    `sampler  ${sampler}`,
    ...signals.map(({ signal, exporter, url, protocol, headers }) => {
      const sent = url === '' ? `not sent by OTLP (${exporter})` : `${url}  ${protocol}`;
      return `${signal.padEnd(8)} ${sent}${headers.length === 0 ? '' : `  headers: ${headers.join(', ')}`}`;
    }),
  ];
}
