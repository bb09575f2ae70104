import { child, fieldOf, type Indented, linesOf } from './indented.ts';

/** A pod's description in the shape of the API; works on any fragment of one. */
export function describedPod(nodes: readonly Indented[]): unknown {
  const containers = containersBelow(child(nodes, 'Containers'));
  const init = containersBelow(child(nodes, 'Init Containers'));
  const loose = containers.length + init.length === 0 && hasState(nodes) ? [looseContainer(nodes)] : [];
  const node = fieldOf(nodes, 'Node').split('/')[0] ?? '';
  return {
    spec: {
      nodeName: node,
      containers: [...containers.map(containerSpec), ...loose.map(containerSpec)],
      initContainers: init.map(containerSpec),
    },
    status: {
      phase: fieldOf(nodes, 'Status').split(' ')[0] ?? '',
      reason: fieldOf(nodes, 'Reason'),
      message: fieldOf(nodes, 'Message'),
      conditions: conditionRows(child(nodes, 'Conditions')),
      containerStatuses: [...containers, ...loose].map(containerStatus),
      initContainerStatuses: init.map(containerStatus),
    },
  };
}

/** The containers of a workload's `Pod Template:`, as far as one is described. */
export function describedTemplate(nodes: readonly Indented[]): object {
  const template = child(nodes, 'Pod Template')?.children ?? [];
  const containers = containersBelow(child(template, 'Containers')).map(containerSpec);
  const initContainers = containersBelow(child(template, 'Init Containers')).map(containerSpec);
  return containers.length === 0 ? {} : { spec: { template: { spec: { containers, initContainers } } } };
}

function containersBelow(section: Indented | undefined): readonly Indented[] {
  return (section?.children ?? []).filter((node) => node.key !== '' && node.children.length > 0);
}

function hasState(nodes: readonly Indented[]): boolean {
  return nodes.some((node) => node.key === 'State' || node.key === 'Last State' || hasState(node.children));
}

/** A paste that begins in the middle of a container: its lines stand where the container's name would. */
function looseContainer(nodes: readonly Indented[]): Indented {
  const holder = nodes.find((node) => hasState(node.children) && node.key !== 'State');
  const children = holder === undefined ? nodes : holder.children;
  return { text: '', key: holder?.key ?? '', value: '', line: nodes[0]?.line ?? 0, children };
}

function containerSpec(container: Indented): unknown {
  const { children } = container;
  return {
    name: container.key,
    image: fieldOf(children, 'Image'),
    command: linesOf(child(children, 'Command')),
    args: linesOf(child(children, 'Args')),
    ports: fieldOf(children, 'Port')
      .split(/,\s*/)
      .concat(fieldOf(children, 'Ports').split(/,\s*/))
      .map((port) => ({ containerPort: Number.parseInt(port, 10) }))
      .filter(({ containerPort }) => Number.isFinite(containerPort)),
    resources: { requests: pairs(child(children, 'Requests')), limits: pairs(child(children, 'Limits')) },
    env: environmentOf(child(children, 'Environment')),
    livenessProbe: probeOf(fieldOf(children, 'Liveness')),
    readinessProbe: probeOf(fieldOf(children, 'Readiness')),
    startupProbe: probeOf(fieldOf(children, 'Startup')),
  };
}

function pairs(node: Indented | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((node?.children ?? []).map(({ key, value }) => [key, value]));
}

/** `<set to the key 'k' in secret 's'>` is a reference and no value. */
function environmentOf(node: Indented | undefined): readonly unknown[] {
  return (node?.children ?? [])
    .filter(({ key }) => /^[\w.-]+$/.test(key))
    .map(({ key, value }) => (value.startsWith('<set to') ? { name: key } : { name: key, value }));
}

/** `http-get http://:8080/healthz delay=0s timeout=1s period=10s #success=1 #failure=3` as the API has it. */
function probeOf(text: string): unknown {
  if (text === '') return undefined;
  const timeoutSeconds = Number(/timeout=(\d+)s/.exec(text)?.[1] ?? 1);
  const http = /^http-get \w+:\/\/[^:/]*:([\w-]*)(\S*)/.exec(text);
  if (http !== null) return { httpGet: { port: http[1], path: http[2] }, timeoutSeconds };
  const tcp = /^tcp-socket [^:]*:([\w-]+)/.exec(text);
  if (tcp !== null) return { tcpSocket: { port: tcp[1] }, timeoutSeconds };
  if (text.startsWith('exec ')) return { exec: {}, timeoutSeconds };
  return { grpc: { port: /:(\d+)/.exec(text)?.[1] }, timeoutSeconds };
}

function containerStatus(container: Indented): unknown {
  const { children } = container;
  return {
    name: container.key,
    image: fieldOf(children, 'Image'),
    imageID: fieldOf(children, 'Image ID'),
    ready: ({ True: true, False: false } as Readonly<Record<string, boolean>>)[fieldOf(children, 'Ready')],
    restartCount: Number(fieldOf(children, 'Restart Count') || 0),
    state: stateOf(child(children, 'State')),
    lastState: stateOf(child(children, 'Last State')),
  };
}

function stateOf(node: Indented | undefined): unknown {
  if (node === undefined) return {};
  const reason = fieldOf(node.children, 'Reason');
  const message = linesOf(child(node.children, 'Message')).join(' ');
  if (node.value === 'Waiting') return { waiting: { reason, message } };
  if (node.value === 'Running') return { running: {} };
  if (node.value !== 'Terminated') return {};
  const exitCode = Number(fieldOf(node.children, 'Exit Code') || Number.NaN);
  return { terminated: { reason, message, ...(Number.isNaN(exitCode) ? {} : { exitCode }) } };
}

/** `Type Status` rows of a pod, or the longer ones of a node, a deployment and others. */
export function conditionRows(section: Indented | undefined): readonly unknown[] {
  return (section?.children ?? [])
    .map(({ text }) => /^(\w+)\s+(True|False|Unknown)\b\s*(.*)$/.exec(text))
    .filter((match) => match !== null)
    .map(([, type, status, rest = '']) => ({ type, status, ...reasonAndMessage(rest) }));
}

/** Behind the two dates, which hold single blanks, columns are two blanks apart. */
function reasonAndMessage(rest: string): { readonly reason: string; readonly message: string } {
  const undated = rest
    .replace(/\w{3}, \d\d \w{3} \d{4} [\d:]+ [+-]\d{4}/g, '')
    .replaceAll('<unknown>', '')
    .trim();
  const match = /^(\w+)(?:\s+(.*))?$/.exec(undated);
  return { reason: match?.[1] ?? '', message: match?.[2] ?? '' };
}
