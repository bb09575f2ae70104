import type { Signal } from '@maru/otlp';
import {
  countItems,
  type MetricPoints,
  pointsOf,
  type ResourceGroup,
  readTelemetry,
  type ScopeGroup,
  type Telemetry,
  withPoints,
  writeTelemetry,
} from './telemetry.ts';

/** A request's half. */
export interface Half {
  readonly bytes: Uint8Array;
  readonly items: number;
}

/** Cuts a request into two of about as many items; undefined when it has fewer than two. */
export function halves(signal: Signal, request: Uint8Array): readonly [Half, Half] | undefined {
  const telemetry = readTelemetry(request);
  const items = countItems(signal, telemetry);
  if (items < 2) return undefined;
  const middle = Math.floor(items / 2);
  const cut = (from: number, to: number): Half => {
    const part = slice(signal, telemetry, from, to);
    return { bytes: writeTelemetry(part), items: countItems(signal, part) };
  };
  return [cut(0, middle), cut(middle, items)];
}

/** The items whose numbers, counted through the request, are in the range. */
function slice(signal: Signal, { resources }: Telemetry, from: number, to: number): Telemetry {
  let at = 0;
  const scopePart = (scope: ScopeGroup): ScopeGroup => ({
    ...scope,
    items: scope.items.flatMap((item) => {
      const data = signal === 'metrics' ? pointsOf(item) : undefined;
      const start = at;
      at += data === undefined ? 1 : data.points.length;
      if (data === undefined) return start >= from && start < to ? [item] : [];
      return metricPart(item, data, from - start, to - start) ?? [];
    }),
  });
  const resourcePart = (resource: ResourceGroup): ResourceGroup => ({
    ...resource,
    scopes: resource.scopes.map(scopePart),
  });
  return { resources: resources.map(resourcePart) };
}

function metricPart(
  metric: Uint8Array,
  data: MetricPoints,
  from: number,
  to: number,
): Uint8Array | undefined {
  const points = data.points.slice(Math.max(0, from), Math.max(0, to));
  return points.length === data.points.length ? metric : withPoints(metric, { ...data, points });
}
