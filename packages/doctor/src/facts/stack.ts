import { at, listAt, numberAt, type SeenObject, textAt, textsAt } from '@maru/cluster';
import type { Arrival, Destination, Doubled, LocalProcess, Rejection, Stack } from '../evidence/model.ts';

const signals = ['traces', 'metrics', 'logs'] as const;

/** What a stack's ledger tells; undefined when none was seen. */
export function stackFrom(objects: readonly SeenObject[]): Stack | undefined {
  const object = objects.find(({ kind }) => kind === 'MaruLedger');
  if (object === undefined) return undefined;
  const { value, where } = object;
  const arrivals = arrivalsOf(value);
  const nowUnixMillis = unixMillis(textAt(value, 'timeUnixNano')) ?? newest(arrivals);
  const observed = numberAt(value, 'observedUnixMillis');
  return {
    nowUnixMillis,
    arrivals,
    rejections: listAt(value, 'rejections').map(rejectionFrom),
    destinations: destinationsOf(value),
    doubled: listAt(value, 'doubled', 'services').map(doubledFrom),
    isBalanced: textAt(value, 'balanced') !== 'false',
    ...(observed === undefined ? {} : { clockAheadMillis: nowUnixMillis - observed }),
    where,
  };
}

function arrivalsOf(value: unknown): readonly Arrival[] {
  const services = at(value, 'services');
  const names = typeof services === 'object' && services !== null ? Object.keys(services) : [];
  return names.flatMap((service) =>
    signals.flatMap((signal) => {
      const counts = at(services, service, signal);
      const lastUnixMillis = unixMillis(textAt(counts, 'lastTimeUnixNano'));
      const usualGapMillis = numberAt(counts, 'usualGapMillis');
      if (lastUnixMillis === undefined) return [];
      return [
        { service, signal, lastUnixMillis, ...(usualGapMillis === undefined ? {} : { usualGapMillis }) },
      ];
    }),
  );
}

function newest(arrivals: readonly Arrival[]): number {
  return arrivals.reduce((latest, { lastUnixMillis }) => Math.max(latest, lastUnixMillis), 0);
}

function unixMillis(nanos: string): number | undefined {
  return /^\d{1,20}$/.test(nanos) && nanos !== '0' ? Number(BigInt(nanos) / 1_000_000n) : undefined;
}

function rejectionFrom(value: unknown): Rejection {
  return {
    service: textAt(value, 'source'),
    signal: textAt(value, 'signal'),
    reason: textAt(value, 'reason'),
    detail: textAt(value, 'detail'),
    count: numberAt(value, 'count') ?? 1,
    unixMillis: unixMillis(textAt(value, 'timeUnixNano')) ?? 0,
  };
}

function doubledFrom(value: unknown): Doubled {
  return {
    service: textAt(value, 'name'),
    spans: numberAt(value, 'spans') ?? 0,
    distinct: numberAt(value, 'distinct') ?? 0,
    resources: numberAt(value, 'resources') ?? 1,
  };
}

function destinationsOf(value: unknown): readonly Destination[] {
  const destinations = at(value, 'destinations');
  const names = typeof destinations === 'object' && destinations !== null ? Object.keys(destinations) : [];
  return names.map((name) => ({ name, trouble: textAt(destinations, name, 'trouble', 'detail') }));
}

/** Processes of this machine that were told where to send telemetry. */
export function processesFrom(objects: readonly SeenObject[]): readonly LocalProcess[] {
  return objects
    .filter(({ kind }) => kind === 'Process')
    .map(({ value, where }) => ({
      service: textAt(value, 'metadata', 'name'),
      pid: textAt(value, 'pid'),
      variables: textsAt(value, 'variables') ?? {},
      where,
    }));
}
