import type { ApiDependencies } from './dependencies.ts';
import type { RouteTable } from './http/router.ts';
import { createServe, type Serve } from './http/serve.ts';
import { lokiRoutes } from './loki/routes.ts';
import { operationsRoutes } from './maru/operations.ts';
import { maruRoutes } from './maru/routes.ts';
import { notFoundRoutes } from './not-found.ts';
import { prometheusRoutes } from './prometheus/routes.ts';
import { tempoRoutes } from './tempo/routes.ts';

/**
 * The whole read side over HTTP. The function it gives answers a request and says `true`, or says `false` and leaves
 * the request to the caller (who serves the console).
 *
 * @example const api = createApi({ reader, ledger, metricsText, ready, status });
 *          createServer(async (request, response) => (await api(request, response)) || serveConsole(request, response));
 */
export function createApi(dependencies: ApiDependencies): Serve {
  return createServe(routeTables(dependencies), dependencies.reportError ?? console.error);
}

/** The order matters only where two tables share a path: the first wins. */
function routeTables(dependencies: ApiDependencies): readonly RouteTable[] {
  return [
    operationsRoutes(dependencies),
    maruRoutes(dependencies),
    prometheusRoutes(dependencies),
    tempoRoutes(dependencies),
    lokiRoutes(dependencies),
    notFoundRoutes,
  ];
}
