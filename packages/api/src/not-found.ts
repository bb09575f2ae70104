import { text } from './http/answer.ts';
import { RequestError, usualStatus } from './http/failure.ts';
import type { RouteTable } from './http/router.ts';

/**
 * Unknown paths below an API's prefix: without this, they would fall through to the console's page, and a client
 * would get HTML with 200 for an endpoint that does not exist.
 */
export const notFoundRoutes: RouteTable = {
  prefixes: ['/api', '/tempo', '/loki', '/prometheus'],
  routes: [
    {
      methods: ['GET', 'POST', 'DELETE'],
      path: '/*rest',
      handle: () => {
        throw new RequestError('not_found', 'no such endpoint');
      },
    },
  ],
  answerError: (failure) => text(`${failure.message}\n`, usualStatus[failure.kind]),
};
