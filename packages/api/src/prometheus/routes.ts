import { createPromqlEngine, defaultPromqlSettings } from '@maru/promql';
import { createQueryCapacity } from '@maru/query-core';
import type { ApiDependencies } from '../dependencies.ts';
import type { Method, RouteTable } from '../http/router.ts';
import { tsdbStatus } from './cardinality.ts';
import { labelNames, labelValues, metadata, seriesSets } from './catalog.ts';
import { deleteSeriesHandle } from './delete-series.ts';
import { answerFailure } from './envelope.ts';
import { queryExemplars } from './exemplars.ts';
import { formatQuery } from './format-query.ts';
import { parseQuery } from './parse-query.ts';
import { instantQuery, rangeQuery } from './query.ts';
import { maxReadRequestBytes, remoteRead } from './remote-read/remote-read.ts';
import { alerts, rules } from './rules.ts';
import { buildInformation } from './status.ts';
import { scrapedTargets, scrapePools } from './targets.ts';

const read: readonly Method[] = ['GET'];
/** Long queries do not fit URLs: clients send them as forms. */
const readOrForm: readonly Method[] = ['GET', 'POST'];

/** Prometheus's HTTP API, as Grafana's Prometheus data source calls it; Mimir's prefix beside Prometheus's own. */
export function prometheusRoutes({
  reader,
  status,
  promql,
  capacity = createQueryCapacity(),
  admin,
  targets,
  rules: ruleStates = () => [],
}: ApiDependencies): RouteTable {
  const settings = { ...defaultPromqlSettings, ...promql };
  const engine = createPromqlEngine(reader, { settings, capacity });
  return {
    prefixes: ['/prometheus/api/v1', '/api/v1'],
    routes: [
      { methods: readOrForm, path: '/query', handle: instantQuery(engine) },
      { methods: readOrForm, path: '/query_range', handle: rangeQuery(engine) },
      { methods: readOrForm, path: '/query_exemplars', handle: queryExemplars(reader, settings) },
      { methods: readOrForm, path: '/labels', handle: labelNames(reader, capacity) },
      { methods: read, path: '/label/:name/values', handle: labelValues(reader, capacity) },
      { methods: readOrForm, path: '/series', handle: seriesSets(reader, capacity) },
      { methods: read, path: '/metadata', handle: metadata(reader) },
      {
        methods: ['POST'],
        path: '/read',
        bodyBytes: maxReadRequestBytes,
        handle: remoteRead(reader, capacity),
      },
      { methods: readOrForm, path: '/format_query', handle: formatQuery(settings) },
      { methods: readOrForm, path: '/parse_query', handle: parseQuery(settings) },
      { methods: read, path: '/status/buildinfo', handle: () => buildInformation(status().version) },
      { methods: read, path: '/status/tsdb', handle: tsdbStatus(reader) },
      { methods: ['POST'], path: '/admin/tsdb/delete_series', handle: deleteSeriesHandle(reader, admin) },
      { methods: read, path: '/targets', handle: scrapedTargets(targets) },
      { methods: read, path: '/scrape_pools', handle: scrapePools(targets) },
      { methods: read, path: '/rules', handle: rules(ruleStates) },
      { methods: read, path: '/alerts', handle: alerts(ruleStates) },
    ],
    answerError: answerFailure,
  };
}
