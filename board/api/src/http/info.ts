import { hostname } from 'node:os';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../database/database.ts';
import { serviceName, serviceVersion } from '../version.ts';

/** Registers health, readiness and information. */
export function infoRoutes(app: FastifyInstance, database: Database): void {
  const startedAt = new Date().toISOString();

  app.get('/healthz', async () => ({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    const ready = await database.isReady();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', database: ready });
  });

  app.get('/api/info', async function info() {
    return {
      service: process.env.OTEL_SERVICE_NAME || serviceName,
      version: serviceVersion,
      runtime: `Node.js ${process.versions.node}`,
      fastify: app.version,
      database: await databaseVersion(database),
      // Given by Kubernetes' downward API; outside of it the host stands for both.
      pod: process.env.POD_NAME || hostname(),
      node: process.env.NODE_NAME || hostname(),
      started_at: startedAt,
    };
  });
}

/** The server's version; null while it is away, for the rest of the information is still true. */
async function databaseVersion(database: Database): Promise<string | null> {
  try {
    const [row] = await database.queries.rows<{ version: string }>('SELECT VERSION() AS version');
    return row?.version ?? null;
  } catch {
    return null;
  }
}
