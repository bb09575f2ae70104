import type { Seen, SeenObject } from '../seen.ts';
import type { Context } from './context.ts';
import { conditionRows, describedPod, describedTemplate } from './describe-pod.ts';
import { type EventRow, eventObject, eventRow } from './event-rows.ts';
import { child, fieldOf, type Indented, linesOf, parseIndented } from './indented.ts';

/** Reads what `kubectl describe` prints for one object, or any fragment of it. */
export function readDescription(lines: readonly string[], firstLine: number, context: Context): Seen {
  const eventsAt = lines.findIndex(
    (line) => /^\s*Events:/.test(line) || /^\s+Type\s+Reason\s+Age/.test(line),
  );
  const body = eventsAt < 0 ? lines : lines.slice(0, eventsAt);
  const nodes = parseIndented(body, firstLine);
  const kind = kindOfDescription(nodes, context);
  const name = fieldOf(nodes, 'Name') || context.owner;
  const namespace = fieldOf(nodes, 'Namespace') || context.namespace;
  const described: SeenObject = {
    kind,
    namespace,
    name,
    value: { kind, metadata: metadataOf(nodes, name, namespace), ...contentOf(kind, nodes) },
    where: `${context.file}:${firstLine}`,
    richness: 'description',
  };
  const events =
    eventsAt < 0 ? [] : eventsOf(lines.slice(eventsAt), described, context, firstLine + eventsAt);
  return { objects: body.length > 0 ? [described, ...events] : events, lines: [], gaps: [] };
}

/** Reads lines of an event table; a message that goes on in the next line is joined. */
export function eventsOf(
  lines: readonly string[],
  owner: { readonly kind: string; readonly name: string; readonly namespace: string },
  context: Context,
  firstLine: number,
): readonly SeenObject[] {
  const found: { row: EventRow; line: number }[] = [];
  lines.forEach((line, index) => {
    const row = eventRow(line);
    const last = found.at(-1);
    if (row !== undefined) found.push({ row, line: firstLine + index });
    else if (last !== undefined && line.trim() !== '') {
      last.row = { ...last.row, message: `${last.row.message} ${line.trim()}` };
    }
  });
  return found.map(({ row, line }) => eventObject(row, owner, context, line));
}

/** Fields by which a description is recognised; the first that fits decides, and a fragment is a pod's. */
const signs: readonly (readonly [string, readonly string[]])[] = [
  ['PersistentVolume', ['Reclaim Policy']],
  ['PersistentVolumeClaim', ['StorageClass']],
  ['Node', ['Capacity', 'System Info', 'Unschedulable']],
  ['Deployment', ['StrategyType']],
  ['StatefulSet', ['Update Strategy', 'Volume Claims']],
  ['DaemonSet', ['Desired Number of Nodes Scheduled']],
  ['Job', ['Completion Mode', 'Pods Statuses', 'Parallelism']],
  ['ReplicaSet', ['Pods Status']],
  ['Ingress', ['Rules', 'Default backend', 'Ingress Class']],
  ['NetworkPolicy', ['PodSelector']],
  ['Service', ['Session Affinity', 'IP Family Policy', 'TargetPort', 'Endpoints']],
  ['HorizontalPodAutoscaler', ['Reference', 'Min replicas']],
  ['Endpoints', ['Subsets']],
];

function kindOfDescription(nodes: readonly Indented[], context: Context): string {
  const looksLikePod = child(nodes, 'Containers') !== undefined && child(nodes, 'Node') !== undefined;
  if (looksLikePod) return 'Pod';
  const found = signs.find(([, keys]) => keys.some((key) => keysOf(nodes).includes(key)));
  return found?.[0] ?? (context.kind || 'Pod');
}

function keysOf(nodes: readonly Indented[]): readonly string[] {
  const spec = child(nodes, 'Spec')?.children ?? [];
  return [...nodes, ...spec].map(({ key }) => key);
}

function metadataOf(nodes: readonly Indented[], name: string, namespace: string): unknown {
  const owner = /^([A-Z]\w+)\/(\S+)/.exec(fieldOf(nodes, 'Controlled By'));
  return {
    name,
    namespace,
    labels: child(nodes, 'Labels') === undefined ? undefined : equations(linesOf(child(nodes, 'Labels'))),
    annotations: Object.fromEntries(
      linesOf(child(nodes, 'Annotations')).map((text) => [
        text.split(':')[0] ?? '',
        text.slice(text.indexOf(':') + 1).trim(),
      ]),
    ),
    ownerReferences: owner === null ? [] : [{ kind: owner[1], name: owner[2] }],
  };
}

function equations(lines: readonly string[]): Readonly<Record<string, string>> {
  const pairs = lines.flatMap((line) => line.split(',')).filter((text) => text.includes('='));
  return Object.fromEntries(
    pairs.map((text) => [text.split('=')[0]?.trim(), text.slice(text.indexOf('=') + 1).trim()]),
  );
}

function contentOf(kind: string, nodes: readonly Indented[]): object {
  if (kind === 'Pod') return describedPod(nodes) as object;
  if (kind === 'Node') return describedNode(nodes);
  if (kind === 'Service') return describedService(nodes);
  if (kind === 'Ingress') return describedIngress(nodes);
  if (kind === 'PersistentVolumeClaim') {
    const storageClassName = fieldOf(nodes, 'StorageClass') || undefined;
    return { spec: { storageClassName }, status: { phase: fieldOf(nodes, 'Status') } };
  }
  if (kind === 'NetworkPolicy')
    return { description: nodes.flatMap(({ children }) => children.map(({ text }) => text)) };
  return { ...describedTemplate(nodes), status: { conditions: conditionRows(child(nodes, 'Conditions')) } };
}

function describedNode(nodes: readonly Indented[]): object {
  const info = child(nodes, 'System Info')?.children ?? [];
  const cpu =
    child(nodes, 'Allocated resources')?.children.find(({ text }) => /^cpu\s/.test(text))?.text ?? '';
  const taints = linesOf(child(nodes, 'Taints')).map((text) => /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(text));
  return {
    spec: {
      unschedulable: fieldOf(nodes, 'Unschedulable') === 'true',
      taints: taints
        .filter((taint) => taint !== null)
        .map(([, key, value, effect]) => ({ key, value, effect })),
    },
    status: {
      conditions: conditionRows(child(nodes, 'Conditions')),
      allocatable: { cpu: fieldOf(child(nodes, 'Allocatable')?.children ?? [], 'cpu') },
      requested: { cpu: /^cpu\s+(\S+)/.exec(cpu)?.[1] ?? '' },
      nodeInfo: {
        architecture: fieldOf(info, 'Architecture'),
        operatingSystem: fieldOf(info, 'Operating System'),
      },
    },
  };
}

function describedService(nodes: readonly Indented[]): object {
  const values = (key: string): readonly string[] =>
    nodes.filter((node) => node.key === key).map(({ value }) => value);
  const targets = values('TargetPort');
  const endpoints = values('Endpoints').flatMap((text) =>
    text.replace(/\s*\+ \d+ more.*$/, '').split(/,\s*/),
  );
  return {
    spec: {
      type: fieldOf(nodes, 'Type'),
      selector: equations(linesOf(child(nodes, 'Selector'))),
      ports: values('Port').map((text, index) => ({
        name: /^(\S+)\s/.exec(text)?.[1]?.replace('<unset>', '') ?? '',
        port: Number(/(\d+)\/\w+/.exec(text)?.[1]),
        targetPort: /^[^/]*/.exec(targets[index] ?? '')?.[0] ?? '',
      })),
    },
    endpoints: values('Endpoints').length === 0 ? undefined : endpoints.filter((text) => /\d/.test(text)),
  };
}

function describedIngress(nodes: readonly Indented[]): object {
  const rules = child(nodes, 'Rules')?.children ?? [];
  const tls = child(nodes, 'TLS')?.children ?? [];
  return {
    spec: {
      ingressClassName: fieldOf(nodes, 'Ingress Class'),
      tls: tls.map(({ text }) => ({ secretName: /^(\S+) terminates/.exec(text)?.[1] ?? '' })),
      described: ingressRules(rules),
    },
    status: { address: fieldOf(nodes, 'Address') },
  };
}

/** Rows `host`, and below it `/path   service:port (endpoints)`. */
function ingressRules(nodes: readonly Indented[], host = ''): readonly unknown[] {
  return nodes.flatMap((node) => {
    const backend = /^(\/\S*)?\s*([a-z0-9][a-z0-9-]*):(\S+)\s*\((.*)\)$/.exec(node.text);
    if (backend !== null) {
      const [, path = '', service, port, endpoints] = backend;
      return [{ host, path, service, port, endpoints }];
    }
    return ingressRules(node.children, node.text);
  });
}
