import { type PromqlSettings, parseChecked } from '@maru/promql';
import type { Handle } from '../http/router.ts';
import { answeringQueryErrors, successOf } from './envelope.ts';
import { treeOf } from './syntax-tree.ts';

/** `GET` and `POST /api/v1/parse_query`: the query's syntax tree, as Prometheus's own page shows it. */
export function parseQuery(settings: PromqlSettings): Handle {
  return answeringQueryErrors('query', ({ parameters }) =>
    successOf(treeOf(parseChecked(parameters.get('query') ?? '', settings))),
  );
}
