/** Where one signal goes, as said to the operator at start. */
export interface Destination {
  readonly service: string;
  readonly signal: Signal;
  /** An address with its protocol, or why nothing is sent. Holds no credentials. */
  readonly target: string;
}

/** The three signals of OpenTelemetry, as they stand in endpoint paths. */
export type Signal = 'traces' | 'metrics' | 'logs';

const signals: readonly Signal[] = ['traces', 'metrics', 'logs'];

/** Tells where each signal goes under the standard variables, by the rules of the OTLP exporter specification. */
export function describeDestinations(environment: NodeJS.ProcessEnv, defaultService: string): Destination[] {
  const service = serviceNameOf(environment) ?? defaultService;
  return signals.map((signal) => ({ service, signal, target: targetOf(environment, signal) }));
}

/** Whether this signal is exported by OTLP and by nothing else, which is the default. */
export function isOtlpOnly(environment: NodeJS.ProcessEnv, signal: Signal): boolean {
  return exporterOf(environment, signal) === 'otlp';
}

/** The OTLP protocol of a signal: `grpc`, `http/protobuf` (default) or `http/json`. */
export function protocolOf(environment: NodeJS.ProcessEnv, signal: Signal): string {
  return (
    environment[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_PROTOCOL`]?.trim() ||
    environment.OTEL_EXPORTER_OTLP_PROTOCOL?.trim() ||
    'http/protobuf'
  );
}

function exporterOf(environment: NodeJS.ProcessEnv, signal: Signal): string {
  return environment[`OTEL_${signal.toUpperCase()}_EXPORTER`]?.trim() || 'otlp';
}

function targetOf(environment: NodeJS.ProcessEnv, signal: Signal): string {
  if (environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return 'nowhere (OTEL_SDK_DISABLED is true)';
  const exporter = exporterOf(environment, signal);
  if (exporter === 'none') return `nowhere (OTEL_${signal.toUpperCase()}_EXPORTER is none)`;
  if (exporter !== 'otlp') return exporter;
  const protocol = protocolOf(environment, signal);
  return `${withoutCredentials(endpointOf(environment, signal, protocol))} (${protocol})`;
}

function endpointOf(environment: NodeJS.ProcessEnv, signal: Signal, protocol: string): string {
  const own = environment[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`];
  if (own) return own;
  const shared = environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (protocol === 'grpc') return shared || 'http://localhost:4317';
  return `${(shared || 'http://localhost:4318').replace(/\/$/, '')}/v1/${signal}`;
}

function withoutCredentials(endpoint: string): string {
  if (!URL.canParse(endpoint)) return endpoint;
  const url = new URL(endpoint);
  url.username = '';
  url.password = '';
  url.search = '';
  return url.href;
}

function serviceNameOf(environment: NodeJS.ProcessEnv): string | undefined {
  if (environment.OTEL_SERVICE_NAME) return environment.OTEL_SERVICE_NAME;
  const attribute = environment.OTEL_RESOURCE_ATTRIBUTES?.split(',').find((pair) =>
    pair.trim().startsWith('service.name='),
  );
  return attribute?.trim().slice('service.name='.length);
}
