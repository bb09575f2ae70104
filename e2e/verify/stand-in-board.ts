import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const loginMessage = '관리자 로그인 성공';

/**
 * A Board of one page: a login is sent as spans and a log record over OTLP/HTTP, and counted on `/metrics`, which a
 * Prometheus scrapes. So its signals lie in three places, as behind a Collector.
 */
export class StandInBoard {
  readonly #server: Server;
  #logins = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param otlp where spans and records go: `http://127.0.0.1:4318` */
  static async start(otlp: string): Promise<StandInBoard> {
    const server = createServer((request, response) => {
      const answer = board.#answer(otlp, request);
      answer.then(
        (text) => response.end(text),
        (error: unknown) => response.writeHead(502).end(String(error)),
      );
    });
    const board = new StandInBoard(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return board;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(otlp: string, request: IncomingMessage): Promise<string> {
    if (request.url === '/metrics') return metricsText(this.#logins);
    const body = await bodyOf(request);
    if (request.url === '/otlp/v1/traces') {
      await send(`${otlp}/v1/traces`, 'application/x-protobuf', body);
      return '';
    }
    const [, traceId = '', parentSpanId = ''] = String(request.headers.traceparent).split('-');
    this.#logins += 1;
    await send(`${otlp}/v1/traces`, 'application/json', spansOf(traceId, parentSpanId));
    await send(`${otlp}/v1/logs`, 'application/json', recordOf(traceId));
    return '{}';
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function send(url: string, type: string, body: string | Buffer): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': type },
    body: new Uint8Array(Buffer.from(body)),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

/** As Prometheus' own names for OTLP have it. */
function metricsText(logins: number): string {
  const labels = '{http_route="/api/login",http_request_method="POST"}';
  return `# TYPE http_server_request_duration_seconds_count counter
http_server_request_duration_seconds_count${labels} ${logins}
`;
}

const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'board-api' } }] };

function spansOf(traceId: string, parentSpanId: string): string {
  const startTimeUnixNano = `${Date.now()}000000`;
  const times = { startTimeUnixNano, endTimeUnixNano: `${Date.now() + 1}000000` };
  const server = { traceId, spanId: 'a1a1a1a1a1a1a1a1', parentSpanId, name: 'POST /api/login', ...times };
  const attributes = [{ key: 'db.system.name', value: { stringValue: 'mariadb' } }];
  const query = {
    traceId,
    spanId: 'b2b2b2b2b2b2b2b2',
    parentSpanId: server.spanId,
    name: 'SELECT',
    attributes,
    ...times,
  };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [server, query] }] }] });
}

function recordOf(traceId: string): string {
  const record = { timeUnixNano: `${Date.now()}000000`, traceId, body: { stringValue: loginMessage } };
  return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] });
}
