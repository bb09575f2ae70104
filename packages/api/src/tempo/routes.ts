import type { ApiDependencies } from '../dependencies.ts';
import { json, text } from '../http/answer.ts';
import { usualStatus } from '../http/failure.ts';
import type { RouteTable } from '../http/router.ts';
import { searchTraces } from './search.ts';
import { tagsV1, tagsV2, tagValuesV1, tagValuesV2 } from './tags.ts';
import { traceByIdV1, traceByIdV2 } from './trace-by-id.ts';

/** The version of Tempo whose API this is: Grafana 9 to 12 choose features by it. */
const tempoVersion = '3.0.0';

/** Tempo's HTTP API, as Grafana's Tempo data source and Jaeger-less clients call it. Errors are plain text. */
export function tempoRoutes({ reader }: ApiDependencies): RouteTable {
  return {
    prefixes: ['/tempo', ''],
    routes: [
      { methods: ['GET'], path: '/api/echo', handle: () => text('echo') },
      {
        methods: ['GET'],
        path: '/api/status/buildinfo',
        handle: () =>
          json({
            version: tempoVersion,
            revision: '',
            branch: '',
            buildDate: '',
            buildUser: '',
            goVersion: '',
          }),
      },
      { methods: ['GET'], path: '/api/search', handle: searchTraces(reader) },
      { methods: ['GET'], path: '/api/v2/search/tags', handle: tagsV2(reader) },
      { methods: ['GET'], path: '/api/v2/search/tag/*rest', handle: tagValuesV2(reader) },
      { methods: ['GET'], path: '/api/search/tags', handle: tagsV1(reader) },
      { methods: ['GET'], path: '/api/search/tag/*rest', handle: tagValuesV1(reader) },
      { methods: ['GET'], path: '/api/v2/traces/:id', handle: traceByIdV2(reader) },
      { methods: ['GET'], path: '/api/traces/:id', handle: traceByIdV1(reader) },
    ],
    answerError: (failure) => text(failure.message, usualStatus[failure.kind]),
  };
}
