import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

type Counts = Readonly<Record<string, string>>;

/** What a made-up stack and Board answer; each part can be changed while they run. */
export interface Answers {
  /** Spans of the trace that the last login began; undefined: 404. */
  trace: unknown;
  /** The count of logins by instance, before and after the login. */
  logins: (afterLogin: boolean) => Readonly<Record<string, number>>;
  records: number;
  ledger: (afterLogin: boolean) => Counts;
  loginStatus: number;
  otlpStatus: number;
}

/** A stack and a Board in one server: the network's edge of the proof, for answers that a healthy system never gives. */
export interface FakeSystem {
  readonly url: string;
  readonly answers: Answers;
  /** The queries that were asked of Loki, and the `traceparent` of the login. */
  readonly asked: { loki: string[]; traceparent: string };
  close(): Promise<void>;
}

const text = (key: string, value: string): object => ({ key, value: { stringValue: value } });

/** A trace from the browser over the API to the database, as Tempo answers it. */
function wholeTrace(): object {
  const resource = (name: string, start: string, ...attributes: object[]): object => ({
    resource: { attributes: [text('service.name', name)] },
    scopeSpans: [{ spans: [{ startTimeUnixNano: start, attributes }] }],
  });
  const api = resource('board-api', '20', text('db.system.name', 'mysql'));
  return { trace: { resourceSpans: [api, resource('board-web', '10')] } };
}

export async function startFakeSystem(): Promise<FakeSystem> {
  const answers: Answers = {
    trace: wholeTrace(),
    logins: (after) => ({ one: after ? 4 : 3 }),
    records: 1,
    ledger: () => ({}),
    loginStatus: 200,
    otlpStatus: 200,
  };
  const asked: FakeSystem['asked'] = { loki: [], traceparent: '' };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
    const after = asked.traceparent !== '';
    if (pathname === '/api/login') asked.traceparent = String(request.headers.traceparent);
    if (pathname.startsWith('/loki')) asked.loki.push(searchParams.get('query') ?? '');
    const [status, body] = answer(answers, pathname, after);
    request.resume().on('end', () => response.writeHead(status).end(JSON.stringify(body)));
  });
  const url = await listen(server);
  return { url, answers, asked, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function answer(answers: Answers, pathname: string, after: boolean): [number, unknown] {
  if (pathname === '/api/login') return [answers.loginStatus, {}];
  if (pathname === '/otlp/v1/traces') return [answers.otlpStatus, {}];
  if (pathname === '/api/ledger') return [200, ledger(answers.ledger(after))];
  if (pathname === '/api/v1/query') return [200, vector(answers.logins(after))];
  if (pathname.startsWith('/loki'))
    return [200, { data: { result: [{ values: Array(answers.records).fill(['1', 'x']) }] } }];
  return answers.trace === undefined ? [404, { error: 'trace not found' }] : [200, answers.trace];
}

function ledger(counts: Counts): object {
  return { signals: { traces: counts, metrics: counts, logs: counts } };
}

function vector(counts: Readonly<Record<string, number>>): object {
  const result = Object.entries(counts).map(([instance, count]) => ({
    metric: { instance },
    value: [0, String(count)],
  }));
  return { data: { result } };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}
