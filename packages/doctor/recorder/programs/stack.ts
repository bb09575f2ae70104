import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { lookAtStack } from '../../src/look/stack.ts';
import { Daemon } from '../tools/daemon.ts';
import { outputOf } from '../tools/output.ts';
import { places } from '../tools/places.ts';
import { type Recording, writeRecordings } from '../tools/recording.ts';
import { until } from '../tools/wait.ts';

const main = join(import.meta.dirname, '../../../cli/src/main.ts');
const doors = { http: 4318, grpc: 4317, console: 3000 };
const data = '/srv/maru';

interface Told {
  readonly title: string;
  readonly fires: readonly string[];
  readonly unlike: readonly string[];
  /** `maru.yaml`. */
  readonly settings?: string;
  /** Of the machine that the doctor looks from. */
  readonly env?: Readonly<Record<string, string>>;
  readonly before?: () => void;
  readonly send: (stack: Daemon) => Promise<void>;
}

function spansOf(service: string, traceId: string, host = 'one'): string {
  const now = BigInt(Date.now()) * 1_000_000n;
  const spans = Array.from({ length: 50 }, (_, index) => ({
    traceId,
    spanId: (index + 1).toString(16).padStart(16, '0'),
    name: 'GET /',
    kind: 2,
    startTimeUnixNano: String(now),
    endTimeUnixNano: String(now + 1_000_000n),
  }));
  const attributes = [
    { key: 'service.name', value: { stringValue: service } },
    { key: 'host.name', value: { stringValue: host } },
  ];
  return JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] });
}

const good = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';

async function post(body: string): Promise<void> {
  const url = `http://127.0.0.1:${doors.http}/v1/traces`;
  await (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).text();
}

function maru(...words: readonly string[]): void {
  execFileSync(process.execPath, [main, ...words, '--data', data], { stdio: 'ignore' });
}

const told: readonly Told[] = [
  {
    title: 'all is well',
    fires: [],
    unlike: ['arrival-stopped', 'arrival-unaccounted'],
    send: () => post(spansOf('board-api', good)),
  },
  {
    title: 'a service that has fallen silent',
    fires: ['arrival-stopped'],
    unlike: ['arrival-unauthorised'],
    send: async () => {
      for (let count = 1; count < 7; count++) {
        await post(spansOf('board-api', String(count).repeat(32)));
        await later(500);
      }
      await later(30_000);
    },
  },
  {
    title: 'no key',
    fires: ['arrival-unauthorised'],
    unlike: ['arrival-stopped', 'otlp-unauthorised'],
    before: () => maru('key', 'create', 'board'),
    send: () => post(spansOf('board-api', good)),
  },
  {
    title: 'gRPC to the HTTP port',
    fires: ['arrival-wrong-door'],
    unlike: ['arrival-too-large'],
    send: async () => {
      const session = connect(`http://127.0.0.1:${doors.http}`);
      session.on('error', () => undefined);
      const call = session.request({
        ':method': 'POST',
        ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
        'content-type': 'application/grpc',
      });
      call.on('error', () => undefined);
      await Promise.race([once(session, 'close'), later(2_000)]);
      session.destroy();
    },
  },
  {
    title: 'a batch that is too large',
    fires: ['arrival-too-large'],
    unlike: ['arrival-overloaded'],
    send: () => post(`{"padding":"${'x'.repeat(66 * 1024 * 1024)}"}`),
  },
  {
    title: 'a journal that is full',
    fires: ['arrival-overloaded'],
    unlike: ['arrival-too-large'],
    settings: 'max_backlog: 1KiB\n',
    send: async () => {
      await Promise.all(Array.from({ length: 40 }, () => post(spansOf('board-api', good))));
    },
  },
  {
    title: 'spans with a trace id of zeros',
    fires: ['arrival-items-rejected'],
    unlike: ['arrival-wrong-door'],
    send: () => post(spansOf('board-api', '0'.repeat(32))),
  },
  {
    title: 'a backend that is away',
    fires: ['arrival-forwarding-stuck'],
    unlike: ['arrival-overloaded'],
    settings: 'forward:\n  to:\n    tempo:\n      endpoint: http://127.0.0.1:9\n      signals: [traces]\n',
    send: async () => {
      await post(spansOf('board-api', good));
      await later(5_000);
    },
  },
  {
    title: 'the same spans by two ways',
    fires: ['telemetry-sent-twice'],
    unlike: ['telemetry-two-exporters'],
    send: async () => {
      for (const host of ['one', 'two']) await post(spansOf('board-api', good, host));
      await later(3_000);
    },
  },
  {
    title: 'a clock that is fast',
    fires: ['arrival-clock'],
    unlike: ['arrival-stopped'],
    env: {
      LD_PRELOAD: join(places.debian, 'usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'),
      FAKETIME: '-60s',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    send: () => post(spansOf('board-api', good)),
  },
];

async function recordingOf({
  title,
  fires,
  unlike,
  settings,
  env = {},
  before,
  send,
}: Told): Promise<Recording> {
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  if (settings !== undefined) writeFileSync(join(data, 'maru.yaml'), settings);
  before?.();
  const ports = [
    '--port-console',
    String(doors.console),
    '--port-otlp-http',
    String(doors.http),
    '--port-otlp-grpc',
    String(doors.grpc),
  ];
  const stack = new Daemon(process.execPath, [main, 'serve', '--data', data, ...ports], '/srv/maru.log');
  const place = { url: new URL(`http://127.0.0.1:${doors.console}`), timeoutMs: 5_000 };
  await until('the stack', async () => ((await lookAtStack(place))?.objects.length ?? 0) > 0, 90);
  await send(stack);
  await later(2_000);
  const text = await outputOf(process.execPath, ['--input-type=module', '--eval', look], { env });
  await stack.close();
  return { title, fires, unlike, text };
}

/** Prints the ledger as the doctor sees it. */
const look = `const { lookAtStack } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/look/stack.ts'))});
const seen = await lookAtStack({ url: new URL('http://127.0.0.1:${doors.console}'), timeoutMs: 5_000 });
console.log(JSON.stringify(seen?.objects[0]?.value, undefined, 2));`;

/** Maru itself, and what becomes of what is sent to it. */
export async function record(): Promise<void> {
  const recordings: Recording[] = [];
  for (const one of told) {
    try {
      recordings.push(await recordingOf(one));
    } catch (error) {
      process.stderr.write(`${one.title}: ${String(error)}\n`);
    }
  }
  writeRecordings('maru/ledger.txt', "Maru's own ledger, as the doctor asks for it", recordings);
}
