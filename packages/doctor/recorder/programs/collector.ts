import { readFileSync, writeFileSync } from 'node:fs';
import { certificateFor } from '../../src/testing/certificate.ts';
import { openBlackHole, type Running, serveAlways, serveGrpc } from '../../src/testing/servers.ts';
import { Daemon } from '../tools/daemon.ts';
import { inTurn } from '../tools/in-turn.ts';
import { startNameServer } from '../tools/name-server.ts';
import { outputOf } from '../tools/output.ts';
import { programAt } from '../tools/places.ts';
import { type Recording, writeRecordings } from '../tools/recording.ts';
import { until, untilListening } from '../tools/wait.ts';

const version = '0.165.0';
const port = 14_318;
const folder = '/srv/collector';

interface Forwarded {
  readonly title: string;
  readonly fires: readonly string[];
  readonly unlike?: readonly string[];
  /** `http` sends to a URL, `grpc` to an address. */
  readonly by: 'http' | 'https' | 'grpc' | 'grpcs';
  readonly server?: () => Promise<Running>;
  readonly endpoint?: string;
  readonly settings?: string;
}

const protobuf = { 'content-type': 'application/x-protobuf' };
const partial = Buffer.from([0x0a, 0x0b, 0x08, 0x01, 0x12, 0x07, ...Buffer.from('too old')]);
const good = (): Promise<Running> => serveAlways(200, protobuf);

const all: readonly Forwarded[] = [
  { title: '404', fires: ['otlp-not-found'], by: 'http', server: () => serveAlways(404) },
  { title: '401', fires: ['otlp-unauthorised'], by: 'http', server: () => serveAlways(401) },
  {
    title: 'UNAUTHENTICATED',
    fires: ['otlp-unauthorised'],
    by: 'grpc',
    server: () => serveGrpc(16, 'no key'),
  },
  { title: '413', fires: ['otlp-too-large'], by: 'http', server: () => serveAlways(413) },
  { title: '429', fires: ['otlp-throttled'], by: 'http', server: () => serveAlways(429) },
  {
    title: 'partial success',
    fires: ['otlp-partial-success'],
    by: 'http',
    server: () => serveAlways(200, protobuf, partial),
  },
  {
    title: 'nothing listens',
    fires: ['otlp-refused'],
    unlike: ['connection-refused'],
    by: 'http',
    endpoint: 'http://localhost:4318',
  },
  {
    title: 'nothing listens, gRPC',
    fires: ['otlp-refused'],
    unlike: ['connection-refused'],
    by: 'grpc',
    endpoint: 'localhost:4317',
  },
  {
    title: 'a name that does not exist',
    fires: ['otlp-name-unknown'],
    unlike: ['dns-name-unknown'],
    by: 'http',
    endpoint: 'http://tempoo.example.com:4318',
  },
  {
    title: 'packets are dropped',
    fires: ['otlp-timeout'],
    unlike: ['connection-timeout'],
    by: 'http',
    server: openBlackHole,
  },
  {
    title: 'HTTP to the gRPC port',
    fires: ['otlp-http-to-grpc-port'],
    by: 'http',
    server: () => serveGrpc(0),
  },
  { title: 'gRPC to the HTTP port', fires: ['otlp-grpc-to-http-port'], by: 'grpc', server: good },
  {
    title: 'TLS to a plain receiver',
    fires: ['otlp-tls-to-plain'],
    unlike: ['otlp-certificate'],
    by: 'https',
    server: good,
  },
  {
    title: 'TLS to a plain receiver, gRPC',
    fires: ['otlp-tls-to-plain'],
    by: 'grpcs',
    server: () => serveGrpc(0),
  },
  {
    title: 'a certificate of an own authority',
    fires: ['otlp-certificate'],
    unlike: ['certificate-not-trusted'],
    by: 'https',
    server: () => serveAlways(200, protobuf, '', certificateFor('localhost')),
  },
  { title: 'all is well', fires: [], unlike: ['otlp-refused'], by: 'http', server: good },
];

function configurationOf({ by, endpoint, settings = '' }: Forwarded, at: number): string {
  const scheme = by.startsWith('http') ? `${by}://` : '';
  const address = endpoint ?? `${scheme}localhost:${at}`;
  const tls = by === 'grpc' ? '\n    tls: { insecure: true }' : '';
  const exporter = by.startsWith('http') ? 'otlp_http' : 'otlp_grpc';
  return `receivers:
  otlp: { protocols: { http: { endpoint: 127.0.0.1:${port} } } }
exporters:
  ${exporter}:
    endpoint: ${address}
    timeout: 2s
    retry_on_failure: { enabled: false }${tls}
${settings}service:
  telemetry: { metrics: { level: none } }
  pipelines: { traces: { receivers: [otlp], exporters: [${exporter}] } }
`;
}

const span = {
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: 'GET /',
  startTimeUnixNano: '1',
  endTimeUnixNano: '2',
};
const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });

async function recordingOf(one: Forwarded): Promise<Recording> {
  const server = await one.server?.();
  const log = `${folder}.log`;
  writeFileSync(log, '');
  writeFileSync(`${folder}.yaml`, configurationOf(one, server?.port ?? 0));
  const collector = new Daemon(programAt('otelcol'), [`--config=${folder}.yaml`], log);
  await untilListening(port);
  await fetch(`http://127.0.0.1:${port}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const isTold = (): boolean =>
    one.fires.length === 0 || /\b(?:error|warn)\t/.test(readFileSync(log, 'utf8'));
  await until('the Collector to say something', isTold, 20).catch((error) =>
    process.stderr.write(`${one.title}: ${String(error)}\n`),
  );
  await collector.close();
  await server?.close();
  return {
    title: one.title,
    fires: one.fires,
    unlike: one.unlike ?? [],
    text: readFileSync(log, 'utf8').replaceAll('\0', ''),
  };
}

/** A configuration that the Collector refuses, or that it cannot start. */
async function wrong(title: string, fires: readonly string[], text: string): Promise<Recording> {
  writeFileSync(`${folder}.yaml`, text);
  const output = await outputOf(programAt('otelcol'), [`--config=${folder}.yaml`], { timeout: 8_000 });
  return { title, fires, text: output };
}

/** A Collector, sending on to receivers that refuse it in every way. */
export async function record(): Promise<void> {
  const names = startNameServer();
  const recordings = await inTurn(all, recordingOf);
  const occupied = await serveAlways(200);
  const clash = configurationOf({ title: '', fires: [], by: 'http' }, 9).replace(
    String(port),
    String(occupied.port),
  );
  recordings.push(await wrong('a port that another process has', ['address-in-use'], clash));
  await occupied.close();
  await names.close();
  writeRecordings(
    `opentelemetry-collector-${version}/exporter.txt`,
    `OpenTelemetry's Collector ${version}`,
    recordings,
  );
}
