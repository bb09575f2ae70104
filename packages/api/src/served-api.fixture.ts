import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reader } from '@maru/store';
import { createApi } from './create-api.ts';
import type { ApiDependencies } from './dependencies.ts';

/** The API behind a real HTTP server on a free port, for tests. */
export interface ServedApi {
  readonly url: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  text(path: string, init?: RequestInit): Promise<{ readonly status: number; readonly body: string }>;
  /** The body is whatever JSON came: tests compare it as a whole. */
  json(path: string, init?: RequestInit): Promise<{ readonly status: number; readonly body: Json }>;
  close(): Promise<void>;
}

/** JSON of a shape that only the test knows. */
export type Json = ReturnType<typeof JSON.parse>;

export async function serveApi(reader: Reader, overrides: Partial<ApiDependencies> = {}): Promise<ServedApi> {
  const api = createApi({ ...idle, reader, ...overrides });
  const server = createServer(async (request, response) => {
    if (!(await api(request, response))) response.writeHead(404).end('the console');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const get = (path: string, init?: RequestInit): Promise<Response> => fetch(url + path, init);
  return {
    url,
    fetch: get,
    text: async (path, init) => {
      const response = await get(path, init);
      return { status: response.status, body: await response.text() };
    },
    json: async (path, init) => {
      const response = await get(path, init);
      return { status: response.status, body: await response.json() };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const noCounts = { received: '0', rejected: '0', journaled: '0', stored: '0', dead: '0', waiting: '0' };

const idle: Omit<ApiDependencies, 'reader'> = {
  ledger: async () => ({
    signals: { traces: noCounts, metrics: noCounts, logs: noCounts },
    rejections: [],
    balanced: true,
  }),
  metricsText: async () => 'maru_up 1\n',
  ready: () => ({ ready: true }),
  status: () => ({ version: '0.1.0', startedUnixNano: '1', otlpHttpPort: 4318, otlpGrpcPort: 4317 }),
};
