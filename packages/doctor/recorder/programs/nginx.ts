import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { serveGrpc, serveHttp } from '../../src/testing/servers.ts';
import { Daemon } from '../tools/daemon.ts';
import { startNameServer } from '../tools/name-server.ts';
import { outputOf } from '../tools/output.ts';
import { nodeProgram, programAt } from '../tools/places.ts';
import { type Recording, writeRecordings } from '../tools/recording.ts';
import { until, untilListening } from '../tools/wait.ts';

const port = 8080;
const base = `http://127.0.0.1:${port}`;

interface Upstream {
  readonly title: string;
  readonly fires: readonly string[];
  readonly unlike: readonly string[];
  readonly upstream: number;
  readonly body?: string;
  /** What has to stand in the log. */
  readonly shows: RegExp;
}

function configuration(rest: string, listen: string = String(port)): string {
  return `daemon off; worker_processes 1; error_log /dev/stderr; pid /srv/nginx/nginx.pid;
events {}
http {
  access_log /dev/stdout;
  server { listen ${listen}; ${rest} }
}
`;
}

function start(text: string, log: string): Daemon {
  writeFileSync('/srv/nginx/nginx.conf', text);
  writeFileSync(log, '');
  return new Daemon(programAt('nginx'), ['-c', '/srv/nginx/nginx.conf'], log);
}

async function recordingOf({ title, fires, unlike, upstream, body, shows }: Upstream): Promise<Recording> {
  const log = '/srv/nginx/log';
  const timeouts = 'proxy_read_timeout 2s; proxy_connect_timeout 2s;';
  const server = start(
    configuration(`location / { proxy_pass http://127.0.0.1:${upstream}; ${timeouts} }`),
    log,
  );
  await untilListening(port);
  writeFileSync(log, '');
  if (body !== undefined) await fetch(`${base}/v1/traces`, { method: 'POST', body }).catch(() => undefined);
  else await fetch(`${base}/api/login`).catch(() => undefined);
  await until(`${shows} in nginx' log`, () => shows.test(readFileSync(log, 'utf8')), 20);
  await server.close();
  return { title, fires, unlike, text: readFileSync(log, 'utf8').replaceAll('\0', '') };
}

/** What nginx says before it serves anything, as nobody. */
async function refusing(
  title: string,
  fires: readonly string[],
  text: string,
  uid?: number,
): Promise<Recording> {
  writeFileSync('/srv/nginx/nginx.conf', text);
  const output = await outputOf(programAt('nginx'), ['-c', '/srv/nginx/nginx.conf'], {
    timeout: 15_000,
    ...(uid === undefined ? {} : { uid }),
  });
  return { title, fires, text: output };
}

async function grpcToHttp(): Promise<Recording> {
  const log = '/srv/nginx/log';
  const server = start(configuration('return 404;'), log);
  await untilListening(port);
  writeFileSync(log, '');
  const program = `const session = require('node:http2').connect('${base}'); session.on('error', () => process.exit());
session.request({ ':method': 'POST', ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export' }).on('error', () => process.exit());`;
  await outputOf(nodeProgram, ['--eval', program], { timeout: 10_000 });
  await until('the request in the log', () => readFileSync(log, 'utf8').includes('PRI'), 20);
  await server.close();
  const text = readFileSync(log, 'utf8').replaceAll('\0', '');
  return {
    title: 'gRPC to a port of HTTP/1',
    fires: ['otlp-grpc-to-http-port'],
    unlike: ['upstream-protocol'],
    text,
  };
}

/** nginx in front of applications that do not answer as they should. */
export async function record(): Promise<void> {
  mkdirSync('/srv/nginx', { recursive: true });
  const names = startNameServer();
  const silent = await serveHttp(() => undefined);
  const good = await serveHttp((_, response) => response.end('ok'));
  const grpc = await serveGrpc(0);
  const recordings = [
    await recordingOf({
      title: 'a body that is too large',
      fires: ['ingress-body-too-large'],
      unlike: ['upstream-refused'],
      upstream: good.port,
      body: 'x'.repeat(2_000_000),
      shows: /too large body/,
    }),
    await recordingOf({
      title: 'nothing listens behind it',
      fires: ['upstream-refused'],
      unlike: ['connection-refused', 'upstream-timeout'],
      upstream: 9,
      shows: /Connection refused/,
    }),
    await recordingOf({
      title: 'the application does not answer',
      fires: ['upstream-timeout'],
      unlike: ['upstream-refused'],
      upstream: silent.port,
      shows: /timed out/,
    }),
    await recordingOf({
      title: 'the application speaks gRPC',
      fires: ['upstream-protocol'],
      unlike: ['upstream-refused'],
      upstream: grpc.port,
      shows: /no valid HTTP/,
    }),
    await recordingOf({
      title: 'all is well',
      fires: [],
      unlike: ['upstream-refused'],
      upstream: good.port,
      shows: / 200 /,
    }),
    await grpcToHttp(),
    await refusing(
      'a service that does not exist',
      ['dns-name-unknown'],
      configuration('location / { proxy_pass http://board-ap; }'),
    ),
    await refusing(
      'port 80 without being root',
      ['low-port-forbidden'],
      configuration('return 204;', '80').replace('/dev/stderr', 'stderr').replace('/dev/stdout', 'off'),
      65_534,
    ),
  ];
  for (const one of [silent, good, grpc]) await one.close();
  await names.close();
  spawnSync('umount', ['/etc/resolv.conf']);
  const { stderr } = spawnSync(programAt('nginx'), ['-v'], { encoding: 'utf8' });
  const version = /nginx\/([\d.]+)/.exec(stderr)?.[1] ?? 'unknown';
  writeRecordings(`nginx-${version}/proxy.txt`, `nginx ${version}`, recordings);
}
