import type { Signal } from '@maru/otlp';
import { logsRequest, metricsRequest, tracesRequest } from '@maru/testkit';
import { type StampedFields, Template } from './template.ts';

/** One kind of load: what a request is like, how many are under way, how fast they come. */
export interface IngestCase {
  readonly signal: Signal;
  /** What an item is called in the figures. */
  readonly unit: string;
  readonly itemsPerRequest: number;
  readonly connections: number;
  /** Items a second; 0 is as many as are taken. */
  readonly rate: number;
  /** The figure to reach, in items a second. */
  readonly goal: number;
  readonly request: (seed: number, count: number) => Uint8Array;
  readonly stamped: StampedFields;
}

const spans: Pick<IngestCase, 'signal' | 'unit' | 'request' | 'stamped'> = {
  signal: 'traces',
  unit: 'spans',
  request: (seed, count) => tracesRequest(seed, count),
  stamped: { items: [1, 2, 2], times: [7, 8], traceId: 1 },
};

const logBodyBytes = 200;

/** The cases by the name that the command line takes. */
export const cases: Readonly<Record<string, IngestCase>> = {
  spans: { ...spans, itemsPerRequest: 500, connections: 4, rate: 0, goal: 150_000 },
  'small-spans': { ...spans, itemsPerRequest: 20, connections: 32, rate: 20_000, goal: 20_000 },
  'paced-spans': { ...spans, itemsPerRequest: 500, connections: 4, rate: 10_000, goal: 10_000 },
  logs: {
    signal: 'logs',
    unit: 'records',
    itemsPerRequest: 500,
    connections: 4,
    rate: 0,
    goal: 150_000,
    request: (seed, count) => logsRequest(seed, count, { bodyBytes: logBodyBytes }),
    stamped: { items: [1, 2, 2], times: [1, 11], traceId: 9 },
  },
  metrics: {
    signal: 'metrics',
    unit: 'samples',
    itemsPerRequest: 1000,
    connections: 4,
    rate: 0,
    goal: 600_000,
    request: (seed, count) => metricsRequest(seed, count, { firstItem: seed * count }),
    stamped: { items: [1, 2, 2, 7, 1], times: [3] },
  },
};

/** Different requests of a case; of metrics each has its own thousand series. */
const templateCount = 64;

export function templates({ request, itemsPerRequest, stamped }: IngestCase): readonly Template[] {
  return Array.from(
    { length: templateCount },
    (_, seed) => new Template(request(seed, itemsPerRequest), stamped),
  );
}
