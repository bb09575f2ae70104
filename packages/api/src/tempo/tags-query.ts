import { parseNanoDuration, quoteText } from '@maru/query-core';
import { RequestError } from '../http/failure.ts';
import { shown } from '../http/parameters.ts';

/**
 * The older search by tags, as TraceQL: `tags` is logfmt, a value matches when it occurs in the attribute, whatever
 * the case; the durations are those of the whole trace.
 */
export function queryFromTags(
  tags: string,
  minDuration: string | undefined,
  maxDuration: string | undefined,
): string {
  const conditions = [
    ...readLogfmt(tags).map(([key, value]) => tagCondition(key, value)),
    ...(minDuration === undefined ? [] : [`traceDuration >= ${duration('minDuration', minDuration)}`]),
    ...(maxDuration === undefined ? [] : [`traceDuration <= ${duration('maxDuration', maxDuration)}`]),
  ];
  return conditions.length === 0 ? '{ }' : `{ ${conditions.join(' && ')} }`;
}

function duration(name: string, text: string): string {
  if (parseNanoDuration(text) !== undefined) return text;
  throw new RequestError(
    'bad_request',
    `cannot read ${name} from ${shown(text)}: it must be a duration such as 100ms`,
  );
}

function tagCondition(key: string, value: string): string {
  if (key === 'error' && value === 'true') return 'status = error';
  const field = key === 'name' ? 'name' : `.${quoteText(key)}`;
  const contains = `${field} =~ ${quoteText(`(?is).*${value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')}.*`)}`;
  const typed = /^-?\d{1,18}$|^true$|^false$/.test(value) && key !== 'name' ? ` || ${field} = ${value}` : '';
  return `(${contains}${typed})`;
}

const logfmtPair = /\s*([^\s="]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))/y;

function readLogfmt(text: string): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    logfmtPair.lastIndex = at;
    const match = logfmtPair.exec(text);
    if (match === null) {
      throw new RequestError(
        'bad_request',
        `cannot read tags from ${shown(text.slice(at))}: they must be logfmt, as in a=1 b="x y"`,
      );
    }
    pairs.push([match[1] ?? '', (match[2]?.replace(/\\(.)/g, '$1') ?? match[3]) || '']);
    at = logfmtPair.lastIndex;
  }
  return pairs;
}
