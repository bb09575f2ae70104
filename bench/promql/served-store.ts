import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi } from '@maru/api';
import type { Store } from '@maru/store';

/** The store's API on a free port of this process. */
export interface ServedStore {
  readonly url: string;
  stop(): Promise<void>;
}

const none = { received: '0', rejected: '0', journaled: '0', stored: '0', dead: '0', waiting: '0' };

/** Serves the queries of a store, so that it is asked just as its peer is. */
export async function serveStore({ reader }: Store): Promise<ServedStore> {
  const api = createApi({
    reader,
    ledger: async () => ({
      signals: { traces: none, metrics: none, logs: none },
      rejections: [],
      balanced: true,
    }),
    metricsText: async () => '',
    ready: () => ({ ready: true }),
    status: () => ({ version: '', startedUnixNano: '1', otlpHttpPort: 0, otlpGrpcPort: 0 }),
  });
  const server = createServer(async (request, response) => {
    if (!(await api(request, response))) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
