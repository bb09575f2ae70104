import { RequestError } from '../../http/failure.ts';
import { type Parameters, shown } from '../../http/parameters.ts';
import type { TailItem } from './items.ts';

/** Whether a follower wants an item. */
export type TailFilter = (item: TailItem) => boolean;

/**
 * The filter of `GET /api/tail`: `service` exactly, `contains` in the text, `attribute=key=value` of the item or its resource
 * (all that are given), `min_severity` of records. Throws a `RequestError` for what it cannot read.
 */
export function readTailFilter(parameters: Parameters): TailFilter {
  const service = parameters.get('service');
  const contains = parameters.get('contains');
  const leastSeverity = parameters.integer('min_severity', { absent: 0, min: 0, max: 24 });
  const attributes = parameters.getAll('attribute').map(readAttribute);
  return (item) =>
    (service === undefined || item.service === service) &&
    (contains === undefined || item.text.includes(contains)) &&
    (item.severityNumber ?? leastSeverity) >= leastSeverity &&
    attributes.every(([key, value]) => (item.attributes[key] ?? item.resource[key]) === value);
}

function readAttribute(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new RequestError(
    'bad_request',
    `cannot read parameter attribute from ${shown(text)}: it must be key=value`,
  );
}
