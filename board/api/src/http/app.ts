import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { PasswordHasher } from '../accounts/passwords.ts';
import { accountRoutes } from '../accounts/routes.ts';
import type { Database } from '../database/database.ts';
import type { FaultBoard } from '../faults/board.ts';
import { injectFaults } from '../faults/hook.ts';
import { faultRoutes } from '../faults/routes.ts';
import { messageRoutes } from '../messages/routes.ts';
import { sendError, sendNotFound } from './errors.ts';
import { infoRoutes } from './info.ts';

/** What the HTTP side is built from. The caller owns and closes them. */
export interface Parts {
  readonly database: Database;
  readonly faults: FaultBoard;
  readonly hasher: PasswordHasher;
  readonly log: Logger;
  readonly trustedProxies: readonly string[];
}

/** The largest message is 4,000 characters, up to 12 bytes each as escaped JSON. */
const longestBodyBytes = 64 * 1024;

/** Builds the HTTP application; it does not listen yet. */
export function buildApp(parts: Parts): FastifyInstance {
  const log: FastifyBaseLogger = parts.log;
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    trustProxy: [...parts.trustedProxies],
    bodyLimit: longestBodyBytes,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    // A field that we do not know is an error to tell, not to drop in silence.
    ajv: { customOptions: { removeAdditional: false } },
  });
  app.setErrorHandler(sendError);
  app.setNotFoundHandler(sendNotFound);
  logRequests(app);
  injectFaults(app, parts.faults);
  infoRoutes(app, parts.database);
  accountRoutes(app, parts.database, parts.hasher);
  messageRoutes(app, parts.database, parts.faults);
  faultRoutes(app, parts.database, parts.faults);
  return app;
}

/** One record a request, under the names of the semantic conventions; probes would drown the rest. */
function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async function logRequest(request, reply) {
    const route = request.routeOptions.url;
    if (route === '/healthz' || route === '/readyz') return;
    const fields = {
      'http.request.method': request.method,
      'http.route': route ?? 'unmatched',
      'http.response.status_code': reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    request.log.info(fields, 'request completed');
  });
}
