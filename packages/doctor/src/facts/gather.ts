import { at, listAt, type Seen, type SeenObject, textAt, textsAt } from '@maru/cluster';
import type { Environment, Evidence, Inventory } from '../evidence/model.ts';
import { environmentsOf } from './environments.ts';
import { imageReportFrom } from './images.ts';
import { claimFrom, ingressFrom, serviceFrom } from './network.ts';
import { nodeFrom } from './nodes.ts';
import { podFrom } from './pods.ts';
import { secretValuesOf } from './secret-values.ts';
import { processesFrom, stackFrom } from './stack.ts';
import { statementsOfEvents, statementsOfLines, statementsOfObject, statementsOfPod } from './statements.ts';
import { configMapsOf } from './variables.ts';

/** Joins what was read, in whatever forms and however often, into one set of facts. */
export function gatherEvidence(seen: Seen): Evidence {
  const objects = richestOfEach(seen.objects.filter(({ kind }) => kind !== 'Event'));
  const events = seen.objects.filter(({ kind }) => kind === 'Event');
  const ofKind = (kind: string): readonly SeenObject[] => objects.filter((object) => object.kind === kind);
  const maps = configMapsOf(objects);
  const pods = ofKind('Pod').map((pod) => podFrom(pod, maps));
  const environments: readonly Environment[] = environmentsOf(seen.lines, pods, objects, maps);
  return {
    statements: [
      ...pods.flatMap(statementsOfPod),
      ...objects.flatMap(statementsOfObject),
      ...withoutRepeats(statementsOfEvents(events)),
      ...statementsOfLines(seen.lines, pods),
    ],
    pods,
    nodes: ofKind('Node').map((node) => nodeFrom(node, pods)),
    services: ofKind('Service').map((service) => serviceFrom(service, objects)),
    ingresses: ofKind('Ingress').map(ingressFrom),
    claims: ofKind('PersistentVolumeClaim').map(claimFrom),
    networkPolicies: ofKind('NetworkPolicy').map(({ value }) => value),
    namespaceLabels: namespaceLabelsOf(ofKind('Namespace')),
    environments,
    inventory: inventoryOf(objects),
    stack: stackFrom(objects),
    processes: processesFrom(objects),
    images: ofKind('ImageReport').map(imageReportFrom),
    gaps: seen.gaps,
    secrets: secretValuesOf(objects, environments),
  };
}

/** Every namespace has its own name as a label, from Kubernetes 1.22 on. */
function namespaceLabelsOf(namespaces: readonly SeenObject[]): Evidence['namespaceLabels'] {
  return new Map(namespaces.map(({ name, value }) => [name, textsAt(value, 'metadata', 'labels') ?? {}]));
}

const richnessOrder = { row: 0, description: 1, whole: 2 } as const;

/** One pod is often seen in a table, a description and JSON: the richest form is kept. */
function richestOfEach(objects: readonly SeenObject[]): readonly SeenObject[] {
  const best = new Map<string, SeenObject>();
  const namespaces = namespacesByName(objects);
  for (const object of objects) {
    const namespace = object.namespace || namespaces.get(`${object.kind}/${object.name}`) || '';
    const key = `${object.kind}/${namespace}/${object.name}`;
    const seen = best.get(key);
    const isRicher = seen === undefined || richnessOrder[object.richness] > richnessOrder[seen.richness];
    if (isRicher) best.set(key, { ...object, namespace });
  }
  return [...best.values()];
}

/** A table without a namespace means the object of that name that another form told the namespace of. */
function namespacesByName(objects: readonly SeenObject[]): ReadonlyMap<string, string> {
  const known = objects.filter(({ namespace }) => namespace !== '');
  return new Map(known.map(({ kind, name, namespace }) => [`${kind}/${name}`, namespace]));
}

/** The same event is often there twice, from `describe` and from `get events`. */
function withoutRepeats<T extends { text: string; reason: string; subject: { name: string } }>(
  statements: readonly T[],
): readonly T[] {
  const last = new Map<string, T>();
  for (const one of statements) last.set(`${one.subject.name}\n${one.reason}\n${one.text}`, one);
  return [...last.values()];
}

function inventoryOf(objects: readonly SeenObject[]): Inventory {
  const namesOf = (kind: string): ReadonlySet<string> | undefined => {
    const found = objects.filter((object) => object.kind === kind && !isManifest(object));
    return found.length === 0
      ? undefined
      : new Set(found.map(({ namespace, name }) => `${namespace}/${name}`));
  };
  return {
    services: namesOf('Service'),
    secrets: namesOf('Secret'),
    configMaps: namesOf('ConfigMap'),
    ingressClasses: namesOf('IngressClass'),
  };
}

/** A manifest as somebody wrote it, not as the API server answers it, proves nothing about what exists. */
function isManifest({ value, richness }: SeenObject): boolean {
  const isServed =
    textAt(value, 'metadata', 'uid') !== '' || textAt(value, 'metadata', 'creationTimestamp') !== '';
  return (
    richness === 'whole' &&
    !isServed &&
    at(value, 'status') === undefined &&
    listAt(value, 'status').length === 0
  );
}
