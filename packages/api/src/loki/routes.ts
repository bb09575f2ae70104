import type { ApiDependencies } from '../dependencies.ts';
import { json, text } from '../http/answer.ts';
import { type FailureKind, usualStatus } from '../http/failure.ts';
import type { Handle, Method, Route, RouteTable } from '../http/router.ts';
import { detectedLabels, labelNames, labelValues, series } from './labels.ts';
import { queryInstant, queryRange } from './query.ts';
import { indexStats, volume, volumeRange } from './volume.ts';

/** The version of Loki whose API this is: clients choose features by it. */
const lokiVersion = '3.7.0';

/** Loki answers what is too much with 400. */
const statuses: Readonly<Record<FailureKind, number>> = { ...usualStatus, too_many: 400, execution: 400 };

/** Loki's HTTP API, as Grafana's Loki data source and Logs Drilldown call it. Errors are plain text. */
export function lokiRoutes({ reader }: ApiDependencies): RouteTable {
  return {
    prefixes: ['/loki/api/v1'],
    routes: [
      route('/query', queryInstant(reader)),
      route('/query_range', queryRange(reader)),
      route('/labels', labelNames(reader)),
      route('/label', labelNames(reader)),
      route('/label/:name/values', labelValues(reader)),
      route('/series', series(reader)),
      route('/index/stats', indexStats(reader)),
      route('/index/volume', volume(reader)),
      route('/index/volume_range', volumeRange(reader)),
      route('/detected_labels', detectedLabels(reader)),
      route('/status/buildinfo', () =>
        json({ version: lokiVersion, revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' }),
      ),
    ],
    answerError: (failure) => text(failure.message, statuses[failure.kind]),
  };
}

const methods: readonly Method[] = ['GET', 'POST'];

function route(path: string, handle: Handle): Route {
  return { methods, path, handle };
}
