import {
  type ConfigNode,
  entryOf,
  fields,
  type Kind,
  list,
  type MapNode,
  mapOf,
  name,
  optional,
  type Place,
  type Problems,
  required,
} from '@maru/config';
import { type DestinationSettings, destinationDefaults } from '@maru/forward';
import { isSignal, type Signal } from '@maru/otlp';
import { defaultSettings, type Settings } from '../../settings.ts';
import { type Component, componentsOf, translated } from './component.ts';
import { exporters } from './exporters.ts';
import { processors } from './processors.ts';
import { type Receiver, receivers } from './receivers.ts';

/** What a Collector's file becomes, and what is done otherwise here. */
export interface TranslatedCollector {
  readonly settings: Omit<Settings, 'dataDir'>;
  readonly notes: readonly string[];
}

/** Whether a file is one of the OpenTelemetry Collector: it has pipelines. */
export function isCollectorConfig(node: ConfigNode): node is MapNode {
  return node.kind === 'map' && entryOf(node, 'service') !== undefined;
}

interface Pipeline {
  readonly receivers: readonly string[];
  readonly processors: readonly string[] | undefined;
  readonly exporters: readonly string[];
}

const pipeline: Kind<Pipeline> = fields({
  receivers: required(list(name), ''),
  processors: optional(list(name), ''),
  exporters: required(list(name), ''),
});

const service: Kind<{ readonly pipelines: ReadonlyMap<string, Pipeline> }> = fields({
  pipelines: required(mapOf(pipeline), ''),
});

const sections: ReadonlySet<string> = new Set(['receivers', 'processors', 'exporters', 'service']);

/** A pipeline with its parts found. */
interface Wired {
  readonly id: string;
  readonly signal: Signal;
  readonly place: Place;
  readonly receivers: readonly Component[];
  readonly processors: readonly Component[];
  readonly exporters: readonly Component[];
}

/**
 * Reads a Collector's file. Everything that comes in is stored; what its exporters get becomes forwarding, one destination for each
 * exporter of each pipeline. Adds a problem for each part that has no counterpart.
 */
export function translateCollector(root: MapNode, problems: Problems): TranslatedCollector | undefined {
  for (const { key, place } of root.entries)
    if (!sections.has(key)) problems.add(place, `the section ${key} has no counterpart in Maru`);
  const pipelines = wiredPipelines(root, problems);
  sameReceivers(pipelines, problems);
  const doors = doorsOf(pipelines, problems);
  const forwarded = pipelines.flatMap((wired) => destinationsOf(wired, problems));
  if (problems.all.length > 0) return undefined;
  const destinations = forwarded.flatMap(({ destination }) => destination ?? []);
  return {
    settings: {
      ...defaultSettings,
      ...doors,
      ...(destinations.length > 0 && { forward: { destinations, maxHeldBytes } }),
    },
    notes: [...new Set(forwarded.flatMap(({ notes }) => notes))],
  };
}

const maxHeldBytes = 4 * 1024 * 1024 * 1024;

function wiredPipelines(root: MapNode, problems: Problems): readonly Wired[] {
  const node = entryOf(root, 'service');
  const read = node && service.read(node, 'service', problems);
  if (node === undefined || read === undefined) return [];
  const known = {
    receivers: componentsOf(root, 'receivers', problems),
    processors: componentsOf(root, 'processors', problems),
    exporters: componentsOf(root, 'exporters', problems),
  };
  return [...read.pipelines].flatMap(([id, { receivers: from, processors: through = [], exporters: to }]) => {
    const signal = id.split('/', 1)[0] ?? '';
    const place = placeOf(node, id);
    if (!isSignal(signal))
      return (
        problems.add(place, `the pipeline ${id} is of no signal that Maru knows: traces, metrics or logs`) ??
        []
      );
    const found = (section: keyof typeof known, ids: readonly string[]): readonly Component[] =>
      ids.flatMap((one) => known[section].get(one) ?? missing(section, one, id, place, problems));
    return [
      {
        id,
        signal,
        place,
        receivers: found('receivers', from),
        processors: found('processors', through),
        exporters: found('exporters', to),
      },
    ];
  });
}

function placeOf(node: ConfigNode, id: string): Place {
  const pipelines = node.kind === 'map' ? entryOf(node, 'pipelines') : undefined;
  const entry = pipelines?.kind === 'map' ? pipelines.entries.find(({ key }) => key === id) : undefined;
  return entry?.place ?? node.place;
}

function missing(section: string, one: string, id: string, place: Place, problems: Problems): [] {
  problems.add(place, `the pipeline ${id} names ${one}, which is not among the ${section}`);
  return [];
}

/** Here a destination gets a signal whatever door it came by. */
function sameReceivers(pipelines: readonly Wired[], problems: Problems): void {
  const bySignal = Map.groupBy(pipelines, ({ signal }) => signal);
  for (const [signal, [first, ...more]] of bySignal) {
    const names = (wired: Wired | undefined): string =>
      (wired?.receivers ?? [])
        .map(({ id }) => id)
        .toSorted()
        .join(', ');
    for (const wired of more)
      if (names(wired) !== names(first))
        problems.add(
          wired.place,
          `the pipelines of ${signal} have different receivers, which has no counterpart in Maru: every exporter gets what comes by any of them`,
        );
  }
}

/** The doors that all receivers together ask for. */
function doorsOf(pipelines: readonly Wired[], problems: Problems): Partial<Settings> {
  const used = new Map(pipelines.flatMap((wired) => wired.receivers.map((one) => [one.id, one] as const)));
  const read = [...used.values()].flatMap((component) => {
    const receiver = translated<Receiver>(receivers, 'receivers', component, problems);
    return receiver === undefined ? [] : [{ component, receiver }];
  });
  const otlp = read.filter(({ receiver }) => receiver.grpc ?? receiver.http);
  for (const { component } of otlp.slice(1))
    problems.add(
      component.place,
      'a second otlp receiver has no counterpart in Maru: it has one port for each protocol',
    );
  const [{ receiver, component } = { receiver: undefined, component: undefined }] = otlp;
  const { grpc, http } = receiver ?? {};
  const differs = grpc !== undefined && http !== undefined && grpc.host !== http.host;
  if (differs && component !== undefined)
    problems.add(
      component.place,
      'grpc and http listen on different addresses, which has no counterpart in Maru',
    );
  for (const { receiver, component: zipkin } of read)
    checkZipkin(receiver, zipkin, http?.port ?? 4318, problems);
  const door = http ?? grpc;
  return {
    ...(door && { host: door.host }),
    ...(grpc && { otlpGrpcPort: grpc.port }),
    ...(http && { otlpHttpPort: http.port, corsOrigins: http.corsOrigins }),
    ...(door?.tls && { tls: door.tls }),
    scrapeJobs: read.flatMap((one) => one.receiver.scrapeJobs ?? []),
  };
}

function checkZipkin(
  { zipkinEndpoint }: Receiver,
  component: Component,
  httpPort: number,
  problems: Problems,
): void {
  if (zipkinEndpoint === undefined || zipkinEndpoint.endsWith(`:${httpPort}`)) return;
  problems.add(
    component.place,
    `Zipkin comes in on the port of OTLP/HTTP here (${httpPort}, /api/v2/spans): send there and leave the endpoint ${zipkinEndpoint} out`,
  );
}

interface Forwarded {
  readonly destination: DestinationSettings | undefined;
  readonly notes: readonly string[];
}

function destinationsOf(wired: Wired, problems: Problems): readonly Forwarded[] {
  const steps = wired.processors.flatMap((component) => {
    const step = translated(processors, 'processors', component, problems);
    return step === undefined ? [] : [{ component, step }];
  });
  const batchWaitMs = steps.findLast(({ step }) => step.batchWaitMs !== undefined)?.step.batchWaitMs;
  const notes = steps.flatMap(({ component, step }) =>
    step.note === undefined ? [] : [`${component.id}: ${step.note}`],
  );
  return wired.exporters.flatMap((component): readonly Forwarded[] => {
    const exporter = translated(exporters, 'exporters', component, problems);
    if (exporter === undefined) return [];
    if (exporter.signals?.includes(wired.signal) === false)
      return (
        problems.add(
          wired.place,
          `the exporter ${component.id} of the pipeline ${wired.id} sends no ${wired.signal}`,
        ) ?? []
      );
    const own = exporter.notes.map((note) => `${component.id}: ${note}`);
    if (exporter.destination === undefined) return [{ destination: undefined, notes: own }];
    const { endpointOf, ...settings } = exporter.destination;
    const destination = {
      ...settings,
      batchWaitMs: batchWaitMs ?? destinationDefaults.batchWaitMs,
      name: destinationName(component.id, wired.id),
      endpoints: { [wired.signal]: endpointOf(wired.signal) },
      processors: steps.flatMap(({ step }) => step.steps),
    };
    return [{ destination, notes: [...notes, ...own] }];
  });
}

/** `otlphttp/tempo` of the pipeline `traces` is `otlphttp-tempo-traces`. */
function destinationName(exporter: string, pipelineId: string): string {
  return `${exporter}-${pipelineId}`.toLowerCase().replace(/[^a-z0-9_-]+/g, '-');
}
