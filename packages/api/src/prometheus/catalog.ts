import {
  type CatalogAnswer,
  type CatalogScope,
  findLabelNames,
  findLabelSets,
  findLabelValues,
  findMetadata,
} from '@maru/promql';
import type { QueryCapacity } from '@maru/query-core';
import type { Reader } from '@maru/store';
import type { Answer } from '../http/answer.ts';
import type { Parameters } from '../http/parameters.ts';
import type { Handle } from '../http/router.ts';
import { answeringQueryErrors, success, successOf } from './envelope.ts';
import { unescapeLabelName } from './label-name.ts';
import { invalid, limitParameter, matchParameters, timeParameter } from './parameters.ts';
import { writeLabels } from './write-result.ts';

/** `GET` and `POST /api/v1/labels`. */
export function labelNames(reader: Reader, { limits }: QueryCapacity): Handle {
  return answeringQueryErrors('match[]', async ({ parameters, signal }) => {
    const options = { limit: limitParameter(parameters), limits, signal };
    return answerItems(await findLabelNames(reader, scopeOf(parameters), options), (name) =>
      JSON.stringify(name),
    );
  });
}

/** `GET /api/v1/label/:name/values`; the name may be escaped (`U__`). */
export function labelValues(reader: Reader, { limits }: QueryCapacity): Handle {
  return answeringQueryErrors('match[]', async ({ path, parameters, signal }) => {
    const name = unescapeLabelName(path.name ?? '');
    if (name === undefined) throw invalid('name', `invalid label name: ${JSON.stringify(path.name)}`);
    const options = { limit: limitParameter(parameters), limits, signal };
    const values = await findLabelValues(reader, name, scopeOf(parameters), options);
    return answerItems(values, (value) => JSON.stringify(value));
  });
}

/** `GET` and `POST /api/v1/series`. */
export function seriesSets(reader: Reader, { limits }: QueryCapacity): Handle {
  return answeringQueryErrors('match[]', async ({ parameters, signal }) => {
    const scope = scopeOf(parameters);
    if (scope.selectors.length === 0) throw invalid('match[]', 'no match[] parameter provided');
    const options = { limit: limitParameter(parameters), limits, signal };
    return answerItems(await findLabelSets(reader, scope, options), writeLabels);
  });
}

/** `GET /api/v1/metadata`. */
export function metadata(reader: Reader): Handle {
  return async ({ parameters, signal }) => {
    const request = {
      metric: parameters.get('metric'),
      limit: limitParameter(parameters),
      limitPerMetric: limitParameter(parameters, 'limit_per_metric'),
    };
    return successOf(Object.fromEntries(await findMetadata(reader, request, signal)));
  };
}

function scopeOf(parameters: Parameters): CatalogScope {
  return {
    selectors: matchParameters(parameters),
    startMs: timeParameter(parameters, 'start'),
    endMs: timeParameter(parameters, 'end'),
  };
}

function answerItems<T>({ items, isTruncated }: CatalogAnswer<T>, write: (item: T) => string): Answer {
  const warnings = isTruncated ? ['results truncated due to limit'] : [];
  return success(writeItems(items, write), { warnings });
}

/** Items are joined by the thousand: a piece of the answer each would cost more to send than to write. */
function* writeItems<T>(items: readonly T[], write: (item: T) => string): Iterable<string> {
  yield '[';
  for (let from = 0; from < items.length; from += 1000) {
    const text = items
      .slice(from, from + 1000)
      .map(write)
      .join(',');
    yield from === 0 ? text : `,${text}`;
  }
  yield ']';
}
