import type { ApiDependencies } from '../dependencies.ts';
import { type Answer, json } from '../http/answer.ts';
import { usualStatus } from '../http/failure.ts';
import type { RouteTable } from '../http/router.ts';
import { doubled } from './doubled.ts';
import { services } from './services.ts';
import { tail } from './tail/tail.ts';

async function diagnosis({ doctor }: ApiDependencies): Promise<Answer> {
  if (doctor === undefined) return json({ error: 'this process has no doctor' }, 503);
  return json(await doctor());
}

/** Maru's own endpoints, for the console: their shapes are in `contract.ts`. */
export function maruRoutes(dependencies: ApiDependencies): RouteTable {
  const { reader } = dependencies;
  return {
    prefixes: [''],
    routes: [
      { methods: ['GET'], path: '/api/ledger', handle: async () => json(await dependencies.ledger()) },
      { methods: ['GET'], path: '/api/maru/status', handle: () => json(dependencies.status()) },
      { methods: ['GET'], path: '/api/tail', handle: tail(dependencies.follow?.bind(dependencies)) },
      { methods: ['GET'], path: '/api/maru/doctor', handle: () => diagnosis(dependencies) },
      {
        methods: ['GET'],
        path: '/api/maru/doubled',
        handle: async ({ parameters, signal }) => json(await doubled(reader, parameters, signal)),
      },
      {
        methods: ['GET'],
        path: '/api/maru/services',
        handle: async ({ parameters, signal }) => json(await services(reader, parameters, signal)),
      },
    ],
    answerError: (failure) => json({ error: failure.message }, usualStatus[failure.kind]),
  };
}
