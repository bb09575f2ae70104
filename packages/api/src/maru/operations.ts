import type { ApiDependencies } from '../dependencies.ts';
import { type json, text } from '../http/answer.ts';
import { usualStatus } from '../http/failure.ts';
import type { RouteTable } from '../http/router.ts';

/** What an orchestrator and a scraper ask: `/live`, `/ready`, `/metrics`. */
export function operationsRoutes(dependencies: ApiDependencies): RouteTable {
  return {
    prefixes: [''],
    routes: [
      { methods: ['GET'], path: '/live', isOpen: true, handle: () => text('live\n') },
      { methods: ['GET'], path: '/ready', isOpen: true, handle: () => ready(dependencies) },
      {
        methods: ['GET'],
        path: '/metrics',
        handle: async () => ({
          status: 200,
          contentType: 'text/plain; version=0.0.4; charset=utf-8',
          body: await dependencies.metricsText(),
        }),
      },
    ],
    answerError: (failure) => text(`${failure.message}\n`, usualStatus[failure.kind]),
  };
}

function ready(dependencies: ApiDependencies): ReturnType<typeof json> {
  const state = dependencies.ready();
  return state.ready ? text('ready\n') : text(`not ready: ${state.reason ?? 'starting'}\n`, 503);
}
