import type { MetricFound } from './finding.ts';
import { getJson } from './http.ts';
import { type Look, type Polled, poll } from './poll.ts';
import type { ProbeRequest, Target } from './target.ts';

/** What is read of Prometheus' `GET /api/v1/query` for an instant vector. */
interface VectorAnswer {
  readonly data?: {
    readonly result?: readonly {
      readonly metric?: Readonly<Record<string, string>>;
      readonly value?: readonly [number, string];
    }[];
  };
}

/** The counts by series, each under its labels as text. */
export type Counts = ReadonlyMap<string, number>;

const metric = 'http.server.request.duration';
const selector =
  'http_server_request_duration_seconds_count{http_route="/api/login",http_request_method="POST"}';

/** How many logins were counted so far, by series. */
export async function countLogins({ stack }: Target): Promise<Counts> {
  const answer = await getJson<VectorAnswer>(
    `${stack.prometheus}/api/v1/query`,
    { query: selector },
    stack.headers,
  );
  return new Map(
    (answer.data?.result ?? []).map(({ metric: labels = {}, value }) => [
      labelText(labels),
      Number(value?.[1] ?? 0),
    ]),
  );
}

/**
 * Looks until logins were counted that were not `before`. Series by series and not as a sum: those of an API that ran
 * earlier leave the answer after five minutes, and the sum would fall.
 *
 * @param before an error when that could not be asked: then there is nothing to compare with
 */
export async function findMetric(
  target: Target,
  probe: ProbeRequest,
  before: Counts | Error,
): Promise<Polled<MetricFound>> {
  if (before instanceof Error) return { there: false, lastSeen: before.message };
  return poll(probe.sentAt, target.deadlineMs, async (): Promise<Look<MetricFound>> => {
    const movedBy = increase(before, await countLogins(target));
    return movedBy > 0 ? { value: { metric, movedBy } } : { instead: unmoved(before) };
  });
}

/** By how much the counts grew; a series that is new counts from zero, one that is gone not at all. */
function increase(before: Counts, after: Counts): number {
  return [...after].reduce((sum, [series, count]) => sum + Math.max(0, count - (before.get(series) ?? 0)), 0);
}

function unmoved(before: Counts): string {
  return before.size === 0 ? `no series ${selector}` : `${before.size} series of ${metric} that did not move`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
