import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificateFor } from '../../src/testing/certificate.ts';
import { openBlackHole, type Running, serveAlways, serveGrpc } from '../../src/testing/servers.ts';
import { inTurn } from '../tools/in-turn.ts';
import { startNameServer } from '../tools/name-server.ts';
import { outputOf } from '../tools/output.ts';
import { nodeProgram } from '../tools/places.ts';
import { type Recording, writeRecordings } from '../tools/recording.ts';

const app = '/srv/app';
const modules = join(import.meta.dirname, '../../../../node_modules');

/** A service that sends one span, and what waits for it at the other end. */
interface Sent {
  readonly title: string;
  readonly fires: readonly string[];
  readonly unlike?: readonly string[];
  readonly server?: () => Promise<Running>;
  /** The scheme of the endpoint; `grpc` is http with the gRPC protocol, `grpcs` https. */
  readonly by?: 'http' | 'https' | 'grpc' | 'grpcs';
  readonly settings?: Readonly<Record<string, string>>;
  /** Instead of one span. */
  readonly program?: string;
  readonly args?: readonly string[];
}

const span = "trace.getTracer('board').startSpan('GET /').end();";

function programOf(spans: string): string {
  return `const { NodeSDK } = require('@opentelemetry/sdk-node');
const { trace } = require('@opentelemetry/api');
const sdk = new NodeSDK();
sdk.start();
${spans}
setTimeout(() => sdk.shutdown().catch((error) => console.error(error)).finally(() => process.exit()), 1000);
`;
}

const partial = Buffer.from([0x0a, 0x0b, 0x08, 0x01, 0x12, 0x07, ...Buffer.from('too old')]);
const protobuf = { 'content-type': 'application/x-protobuf' };
const good = (): Promise<Running> => serveAlways(200, protobuf);

const answers: readonly Sent[] = [
  { title: '404', fires: ['otlp-not-found'], unlike: ['probe-not-found'], server: () => serveAlways(404) },
  {
    title: '401',
    fires: ['otlp-unauthorised'],
    server: () => serveAlways(401),
    unlike: ['image-not-authorised'],
  },
  { title: '403', fires: ['otlp-unauthorised'], server: () => serveAlways(403) },
  {
    title: '413',
    fires: ['otlp-too-large'],
    server: () => serveAlways(413),
    unlike: ['ingress-body-too-large'],
  },
  { title: '429', fires: ['otlp-throttled'], server: () => serveAlways(429), unlike: ['image-rate-limit'] },
  { title: '503', fires: ['otlp-throttled'], server: () => serveAlways(503, { 'retry-after': '30' }) },
  {
    title: 'UNAUTHENTICATED',
    fires: ['otlp-unauthorised'],
    by: 'grpc',
    server: () => serveGrpc(16, 'no key'),
  },
  {
    title: 'PERMISSION_DENIED',
    fires: ['otlp-unauthorised'],
    by: 'grpc',
    server: () => serveGrpc(7, 'not for you'),
  },
  {
    title: 'a message that is too large for gRPC',
    fires: ['otlp-too-large'],
    unlike: ['otlp-throttled'],
    by: 'grpc',
    server: () => serveGrpc(8, 'grpc: received message larger than max (5242880 vs. 4194304)'),
  },
  {
    title: 'RESOURCE_EXHAUSTED',
    fires: ['otlp-throttled'],
    by: 'grpc',
    server: () => serveGrpc(8, 'too much'),
  },
  {
    title: 'partial success',
    fires: ['otlp-partial-success'],
    unlike: ['otlp-throttled'],
    server: () => serveAlways(200, protobuf, partial),
  },
  { title: 'all is well', fires: [], unlike: ['otlp-refused', 'otlp-not-found'], server: good },
];

const ways: readonly Sent[] = [
  { title: 'nothing listens', fires: ['otlp-refused'], unlike: ['connection-refused'] },
  { title: 'nothing listens, gRPC', fires: ['otlp-refused'], by: 'grpc', unlike: ['connection-refused'] },
  {
    title: 'a name that does not exist',
    fires: ['otlp-name-unknown'],
    unlike: ['dns-name-unknown', 'otlp-refused'],
    settings: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel-colector:4318' },
  },
  {
    title: 'a name that does not exist, gRPC',
    fires: ['otlp-name-unknown'],
    unlike: ['dns-name-unknown', 'otlp-refused'],
    by: 'grpc',
    settings: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel-colector:4317' },
  },
  {
    title: 'packets are dropped',
    fires: ['otlp-timeout'],
    server: openBlackHole,
    unlike: ['connection-timeout'],
  },
  { title: 'packets are dropped, gRPC', fires: ['otlp-timeout'], by: 'grpc', server: openBlackHole },
  {
    title: 'HTTP to the gRPC port',
    fires: ['otlp-http-to-grpc-port'],
    server: () => serveGrpc(0),
    unlike: ['otlp-refused'],
  },
  {
    title: 'gRPC to the HTTP port',
    fires: ['otlp-grpc-to-http-port'],
    unlike: ['otlp-http-to-grpc-port'],
    by: 'grpc',
    server: good,
  },
  {
    title: 'TLS to a plain receiver',
    fires: ['otlp-tls-to-plain'],
    by: 'https',
    server: good,
    unlike: ['otlp-plain-to-tls'],
  },
  {
    title: 'TLS to a plain receiver, gRPC',
    fires: ['otlp-tls-to-plain'],
    by: 'grpcs',
    server: () => serveGrpc(0),
  },
  {
    title: 'plain HTTP to a receiver with TLS',
    fires: ['otlp-plain-to-tls'],
    unlike: ['otlp-tls-to-plain'],
    server: () => serveAlways(200, protobuf, '', certificateFor('localhost')),
  },
  {
    title: 'a certificate of an own authority',
    fires: ['otlp-certificate'],
    unlike: ['certificate-not-trusted'],
    by: 'https',
    server: () => serveAlways(200, protobuf, '', certificateFor('localhost')),
  },
  {
    title: 'a certificate of another name',
    fires: ['otlp-certificate'],
    by: 'https',
    settings: { NODE_EXTRA_CA_CERTS: '/srv/app/ca.pem' },
    server: () => {
      const certificate = certificateFor('maru.example.com');
      writeFileSync(join(app, 'ca.pem'), certificate.cert);
      return serveAlways(200, protobuf, '', certificate);
    },
  },
  {
    title: 'a certificate of an own authority, gRPC',
    fires: ['otlp-certificate'],
    by: 'grpcs',
    server: () => serveGrpc(0, '', certificateFor('localhost')),
  },
];

const inside: readonly Sent[] = [
  {
    title: 'more spans than the queue holds',
    fires: ['telemetry-queue-full'],
    unlike: ['otlp-throttled'],
    server: good,
    settings: {
      OTEL_BSP_MAX_QUEUE_SIZE: '10',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
      OTEL_BSP_EXPORT_TIMEOUT: '2000',
    },
    program: programOf(`for (let n = 0; n < 500; n++) ${span}
setTimeout(() => { ${span} }, 500);`),
  },
  {
    title: 'two set-ups in one process',
    fires: ['telemetry-set-up-twice'],
    server: good,
    program: `const { NodeSDK } = require('@opentelemetry/sdk-node');
const first = new NodeSDK(), second = new NodeSDK();
first.start();
second.start();
setTimeout(() => process.exit(), 1000);
`,
  },
  {
    title: 'a library that was loaded first',
    fires: ['telemetry-loaded-too-late'],
    unlike: ['module-missing'],
    server: good,
    args: ['--eval', "require('mysql2'); require('./tracing.js');"],
  },
];

/** Errors of the application that pass through what observes it. */
const wrapped: Sent = {
  title: 'the database is away, and the driver is observed',
  fires: ['connection-refused'],
  unlike: ['otlp-refused', 'telemetry-loaded-too-late'],
  server: good,
  args: ['--require', './tracing.js', 'main.js'],
  program: `require('mysql2').createConnection({ host: '127.0.0.1', port: 3306 }).query('SELECT 1', (error) => console.error(error));
`,
};

/** Settings that the SDK itself complains of. */
const settings: readonly Sent[] = [
  {
    title: 'OTEL_TRACES_EXPORTER=none',
    fires: ['telemetry-exporter-none'],
    settings: { OTEL_TRACES_EXPORTER: 'none' },
  },
  {
    title: 'OTEL_TRACES_EXPORTER=oltp',
    fires: ['telemetry-exporter-unknown'],
    settings: { OTEL_TRACES_EXPORTER: 'oltp' },
  },
  {
    title: 'OTEL_TRACES_SAMPLER=alwayson',
    fires: ['telemetry-sampler-unknown'],
    settings: { OTEL_TRACES_SAMPLER: 'alwayson' },
  },
  {
    title: 'OTEL_TRACES_SAMPLER_ARG=10',
    fires: ['telemetry-sampler-ratio'],
    settings: { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '10' },
  },
  {
    title: 'OTEL_EXPORTER_OTLP_PROTOCOL=http',
    fires: ['telemetry-protocol-unknown'],
    settings: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http' },
  },
  {
    title: 'an endpoint without a scheme',
    fires: ['telemetry-endpoint-no-scheme'],
    settings: { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' },
  },
  {
    title: 'resource attributes with a space',
    fires: ['telemetry-attributes-malformed'],
    settings: { OTEL_LOG_LEVEL: 'debug', OTEL_RESOURCE_ATTRIBUTES: 'service.version 1.4,team=board' },
  },
].map((one) => ({ ...one, server: good }));

async function recordingOf(sent: Sent): Promise<Recording> {
  const { title, fires, unlike = [], by = 'http', program = programOf(span), args = ['main.js'] } = sent;
  const server = await sent.server?.();
  writeFileSync(join(app, 'main.js'), program);
  const scheme = by.replace('grpcs', 'https').replace('grpc', 'http');
  const text = await outputOf(nodeProgram, args, {
    cwd: app,
    timeout: 40_000,
    env: {
      OTEL_LOG_LEVEL: 'info',
      OTEL_SERVICE_NAME: 'board-api',
      OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
      OTEL_EXPORTER_OTLP_PROTOCOL: by.startsWith('grpc') ? 'grpc' : 'http/protobuf',
      OTEL_EXPORTER_OTLP_ENDPOINT: `${scheme}://localhost:${server?.port ?? (by === 'grpc' ? 4317 : 4318)}`,
      ...sent.settings,
    },
  });
  await server?.close();
  return { title, fires, unlike, text };
}

/** OpenTelemetry's SDK for Node, sending to receivers that refuse it in every way. */
export async function record(): Promise<void> {
  rmSync(app, { recursive: true, force: true });
  mkdirSync(join(app, 'node_modules'), { recursive: true });
  execFileSync('mount', ['--bind', modules, join(app, 'node_modules')]);
  chmodSync(app, 0o755);
  writeFileSync(
    join(app, 'tracing.js'),
    programOf('').replace(
      'const sdk = new NodeSDK()',
      "const api = require('@opentelemetry/api'); api.diag.setLogger(new api.DiagConsoleLogger(), api.DiagLogLevel.INFO);\nconst sdk = new NodeSDK({ instrumentations: [new (require('@opentelemetry/instrumentation-mysql2').MySQL2Instrumentation)()] })",
    ),
  );
  const names = startNameServer();
  const recordings = await inTurn([...answers, ...ways, ...inside, wrapped, ...settings], recordingOf);
  await names.close();
  execFileSync('umount', ['/etc/resolv.conf']);
  const version = versionOf('sdk-node');
  writeRecordings(
    `opentelemetry-js-${version}/exporter.txt`,
    `OpenTelemetry's SDK ${version} for Node at OTEL_LOG_LEVEL=info`,
    recordings,
  );
  execFileSync('umount', [join(app, 'node_modules')]);
}

function versionOf(name: string): string {
  const text = readFileSync(join(modules, '@opentelemetry', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
