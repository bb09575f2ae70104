import type { NanoRange } from '@maru/query-core';
import type { Reader } from '@maru/store';
import {
  planLenient,
  readTagName,
  readTagNames,
  readTagValues,
  type SearchPlan,
  type TraceQL,
} from '@maru/traceql';
import { json } from '../http/answer.ts';
import { RequestError } from '../http/failure.ts';
import { type Parameters, shown } from '../http/parameters.ts';
import type { Handle, RequestContext } from '../http/router.ts';
import { unixSecondsRange } from '../http/unix-range.ts';

const scopes: readonly TraceQL.Scope[] = ['resource', 'span', 'event', 'link', 'instrumentation'];

/** What Tempo lists as intrinsic. */
const listedIntrinsics: readonly string[] = [
  'duration',
  'name',
  'status',
  'statusMessage',
  'kind',
  'rootServiceName',
  'rootName',
  'traceDuration',
  'event:name',
  'event:timeSinceStart',
  'link:spanID',
  'link:traceID',
  'instrumentation:name',
  'instrumentation:version',
  'trace:id',
  'span:id',
  'span:parentID',
  'span:status',
  'span:statusMessage',
  'span:duration',
  'span:name',
  'span:kind',
  'trace:rootName',
  'trace:rootService',
  'trace:duration',
];

interface ScopeAnswer {
  readonly name: string;
  readonly tags: readonly string[];
}

/** `GET /api/v2/search/tags`: attribute names by scope. */
export function tagsV2(reader: Reader): Handle {
  return async (context) => json({ scopes: await tagsByScope(reader, context), metrics: {} });
}

/** `GET /api/search/tags`: the same names in one list. */
export function tagsV1(reader: Reader): Handle {
  return async (context) => {
    const found = await tagsByScope(reader, context);
    return json({ tagNames: [...new Set(found.flatMap(({ tags }) => tags))].sort() });
  };
}

async function tagsByScope(
  reader: Reader,
  { parameters, signal }: RequestContext,
): Promise<readonly ScopeAnswer[]> {
  const wanted = wantedScopes(parameters.get('scope'));
  const limit = tagLimit(parameters);
  const range = unixSecondsRange(parameters, 3600);
  const attributeScopes = scopes.filter((scope) => wanted.includes(scope));
  const found = await readTagNames(reader, range, attributeScopes, filterOf(parameters, range), { signal });
  const answers = found.map(({ scope, names }) => ({ name: scope, tags: names.slice(0, limit) }));
  const intrinsic = wanted.includes('intrinsic')
    ? [{ name: 'intrinsic', tags: listedIntrinsics.slice(0, limit) }]
    : [];
  return [...answers.filter(({ tags }) => tags.length > 0), ...intrinsic];
}

function wantedScopes(scope: string | undefined): readonly string[] {
  const all = [...scopes, 'intrinsic'];
  if (scope === undefined || scope === 'none') return all;
  if (all.includes(scope)) return [scope];
  throw new RequestError('bad_request', `invalid scope ${shown(scope)}: it must be one of ${all.join(', ')}`);
}

function tagLimit(parameters: Parameters): number {
  return parameters.integer('limit', { absent: 5_000, min: 1, max: 100_000 });
}

/** `q` is what stands in an editor, finished or not: what cannot be read filters nothing. */
function filterOf(parameters: Parameters, range: NanoRange): SearchPlan | undefined {
  return planLenient(parameters.get('q') ?? '', range);
}

/** `GET /api/v2/search/tag/{tag}/values`; the tag may hold slashes. */
export function tagValuesV2(reader: Reader): Handle {
  return async (context) => json({ tagValues: await valuesOf(reader, tagOf(context), context), metrics: {} });
}

/** `GET /api/search/tag/{tag}/values`: names without a scope, values without a type. */
export function tagValuesV1(reader: Reader): Handle {
  return async (context) => {
    const name = tagOf(context);
    const field =
      listedIntrinsics.includes(name) || /^\.|^(span|resource|event|link|instrumentation)\./.test(name)
        ? name
        : `.${name}`;
    const values = await valuesOf(reader, field, context);
    return json({ tagValues: [...new Set(values.map(({ value }) => value))] });
  };
}

type Values = Awaited<ReturnType<typeof readTagValues>>;

function valuesOf(reader: Reader, name: string, { parameters, signal }: RequestContext): Promise<Values> {
  const field = readTagName(name);
  if (field === undefined) {
    throw new RequestError(
      'bad_request',
      `tag name ${shown(name)} is not valid: it must be an intrinsic, .name or scope.name`,
    );
  }
  const range = unixSecondsRange(parameters, 3600);
  return readTagValues(reader, field, range, filterOf(parameters, range), tagLimit(parameters), { signal });
}

function tagOf({ path }: RequestContext): string {
  const rest = path.rest ?? '';
  if (!rest.endsWith('/values')) throw new RequestError('not_found', 'no such endpoint');
  return rest.slice(0, -'/values'.length);
}
