import type { SeenObject } from '../seen.ts';
import type { Context } from './context.ts';
import { kindOf } from './kinds.ts';

/** Whether a line is the head of a table that `kubectl get` prints. */
export function isTableHead(line: string): boolean {
  return /^(?:NAMESPACE\s+)?NAME\s+[A-Z]/.test(line) && line === line.toUpperCase();
}

/** Columns by which a table's kind is known when no command stands above it. */
const kindsByColumns: readonly (readonly [string, readonly string[]])[] = [
  ['Pod', ['READY', 'STATUS', 'RESTARTS']],
  ['Node', ['STATUS', 'ROLES', 'VERSION']],
  ['Service', ['CLUSTER-IP', 'PORT(S)']],
  ['Deployment', ['UP-TO-DATE', 'AVAILABLE']],
  ['StatefulSet', ['READY', 'CONTAINERS', 'IMAGES']],
  ['ReplicaSet', ['DESIRED', 'CURRENT', 'READY']],
  ['EndpointSlice', ['ADDRESSTYPE', 'ENDPOINTS']],
  ['Endpoints', ['ENDPOINTS', 'AGE']],
  ['Ingress', ['HOSTS', 'ADDRESS', 'PORTS']],
  ['PersistentVolumeClaim', ['VOLUME', 'CAPACITY', 'STORAGECLASS']],
  ['HorizontalPodAutoscaler', ['REFERENCE', 'TARGETS']],
  ['ResourceQuota', ['REQUEST', 'LIMIT']],
  ['Secret', ['TYPE', 'DATA']],
  ['ConfigMap', ['DATA', 'AGE']],
  ['NetworkPolicy', ['POD-SELECTOR']],
  ['IngressClass', ['CONTROLLER', 'PARAMETERS']],
];

interface Column {
  readonly name: string;
  readonly start: number;
}

/** Reads the rows below a head as objects that know only their cells. */
export function readTable(
  lines: readonly string[],
  firstLine: number,
  context: Context,
): readonly SeenObject[] {
  const [head = '', ...rows] = lines;
  const columns = columnsOf(head);
  const kind = kindOfTable(columns, context);
  return rows.flatMap((row, index) => {
    if (row.trim() === '') return [];
    const cells = cellsOf(row, columns);
    return [objectOf(kind, cells, context, firstLine + 1 + index)];
  });
}

function columnsOf(head: string): readonly Column[] {
  return [...head.matchAll(/\S+(?: \S+)*/g)].map((match) => ({ name: match[0], start: match.index }));
}

function kindOfTable(columns: readonly Column[], context: Context): string {
  const names = columns.map(({ name }) => name);
  const found = kindsByColumns.find(([, wanted]) => wanted.every((name) => names.includes(name)));
  return found?.[0] ?? context.kind;
}

/** By position where blanks stand before each column, else (a paste that lost its blanks) by order. */
function cellsOf(row: string, columns: readonly Column[]): Readonly<Record<string, string>> {
  const isAligned = columns.every(({ start }) => start === 0 || /\s|^$/.test(row[start - 1] ?? ''));
  const byOrder = row.trim().split(/\s{2,}|\t/);
  const cell = ({ start }: Column, index: number): string =>
    isAligned ? row.slice(start, columns[index + 1]?.start ?? row.length).trim() : (byOrder[index] ?? '');
  return Object.fromEntries(columns.map((column, index) => [column.name, cell(column, index)]));
}

function objectOf(
  kind: string,
  cells: Readonly<Record<string, string>>,
  context: Context,
  line: number,
): SeenObject {
  const [, prefix, plain = ''] = /^(?:([a-z.]+)\/)?(.*)$/.exec(cells.NAME ?? '') ?? [];
  const namespace = cells.NAMESPACE ?? context.namespace;
  const ownKind = prefix === undefined ? kind : kindOf(prefix);
  return {
    kind: ownKind,
    namespace,
    name: plain,
    value: { kind: ownKind, metadata: { name: plain, namespace }, table: cells },
    where: `${context.file}:${line}`,
    richness: 'row',
  };
}
