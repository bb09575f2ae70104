/** Ways to send the first item; each is also the key of its title in the dictionary. */
export const setups = [
  'welcomeSdk',
  'welcomeGrpc',
  'welcomeNode',
  'welcomePython',
  'welcomeJava',
  'welcomeCollector',
] as const;
export type Setup = (typeof setups)[number];

/** Where this stack takes OTLP. */
export interface OtlpEndpoint {
  readonly host: string;
  readonly httpPort: number;
  readonly grpcPort: number;
}

/** The lines to paste, with the stack's own address. Only standard `OTEL_*` variables: nothing of Maru's is needed. */
export function setupLines(setup: Setup, endpoint: OtlpEndpoint): string {
  const host = endpoint.host.includes(':') ? `[${endpoint.host.replace(/[[\]]/g, '')}]` : endpoint.host;
  const variables = exportLines(`http://${host}:${endpoint.httpPort}`, 'http/protobuf');
  switch (setup) {
    case 'welcomeSdk':
      return variables;
    case 'welcomeGrpc':
      return exportLines(`http://${host}:${endpoint.grpcPort}`, 'grpc');
    case 'welcomeNode':
      return `npm install @opentelemetry/auto-instrumentations-node\n\n${variables}\nnode --require @opentelemetry/auto-instrumentations-node/register app.js`;
    case 'welcomePython':
      return `pip install opentelemetry-distro opentelemetry-exporter-otlp\nopentelemetry-bootstrap --action=install\n\n${variables}\nopentelemetry-instrument python app.py`;
    case 'welcomeJava':
      return `${variables}\njava -javaagent:opentelemetry-javaagent.jar -jar app.jar`;
    case 'welcomeCollector':
      return collector(`http://${host}:${endpoint.httpPort}`);
  }
}

function exportLines(url: string, protocol: string): string {
  return [
    'export OTEL_SERVICE_NAME=my-service',
    `export OTEL_EXPORTER_OTLP_ENDPOINT=${url}`,
    `export OTEL_EXPORTER_OTLP_PROTOCOL=${protocol}`,
    'export OTEL_TRACES_EXPORTER=otlp',
    'export OTEL_METRICS_EXPORTER=otlp',
    'export OTEL_LOGS_EXPORTER=otlp',
  ].join('\n');
}

function collector(url: string): string {
  const pipelines = ['traces', 'metrics', 'logs'].map(
    (signal) => `    ${signal}: { receivers: [otlp], exporters: [otlphttp] }`,
  );
  return [
    'receivers:',
    '  otlp: { protocols: { grpc: {}, http: {} } }',
    'exporters:',
    `  otlphttp: { endpoint: "${url}" }`,
    'service:',
    '  pipelines:',
    ...pipelines,
  ].join('\n');
}
