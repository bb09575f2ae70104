import type { SeenObject } from '../seen.ts';
import type { Context } from './context.ts';
import { kindOf } from './kinds.ts';

/** An event as a row of a table tells it. */
export interface EventRow {
  readonly type: string;
  readonly reason: string;
  readonly age: string;
  readonly message: string;
  /** `pod/board-api-1` with `kubectl get events`; empty in a description. */
  readonly object: string;
  readonly namespace: string;
}

const age = String.raw`(?:<unknown>|<invalid>|(?:\d+[smhdy])+)(?: \(x\d+ over (?:[\w<>]+)\))?`;
const inDescription = new RegExp(
  String.raw`^\s*(Normal|Warning)\s+(\S+)\s+(${age})\s+(\S+(?:, \S+)?)\s+(.*)$`,
);
const inList = new RegExp(
  String.raw`^(?:(\S+)\s+)?(${age})\s+(Normal|Warning)\s+(\S+)\s+([a-zA-Z.]+/\S+)\s+(.*)$`,
);
/** kubectl before 1.11: FirstSeen LastSeen Count From SubObjectPath Type Reason Message. */
const inOldDescription =
  /^\s*(\S+)\s+(\S+)\s+(\d+)\s+(.{1,80}?)\s+(?:spec\.\S+\s+)?(Normal|Warning)\s+(\S+)\s+(.*)$/;

/** Reads one row of any of kubectl's event tables; undefined when the line is none. */
export function eventRow(line: string): EventRow | undefined {
  return fromDescription(line) ?? fromList(line) ?? fromOldDescription(line);
}

function fromDescription(line: string): EventRow | undefined {
  const match = inDescription.exec(line);
  if (match === null) return undefined;
  const [, type = '', reason = '', seen = '', , message = ''] = match;
  return { type, reason, age: seen, message, object: '', namespace: '' };
}

function fromList(line: string): EventRow | undefined {
  const match = inList.exec(line);
  if (match === null) return undefined;
  const [, namespace = '', seen = '', type = '', reason = '', object = '', message = ''] = match;
  return { type, reason, age: seen, message, object, namespace };
}

function fromOldDescription(line: string): EventRow | undefined {
  const match = inOldDescription.exec(line);
  if (match === null || !/^(?:\d+[smhdy])+$/.test(match[2] ?? '')) return undefined;
  const [, , seen = '', , , type = '', reason = '', message = ''] = match;
  return { type, reason, age: seen, message, object: '', namespace: '' };
}

/** The row as the API would tell it. */
export function eventObject(
  row: EventRow,
  owner: { readonly kind: string; readonly name: string; readonly namespace: string },
  context: Context,
  line: number,
): SeenObject {
  const [kind = '', name = ''] = row.object === '' ? [owner.kind, owner.name] : row.object.split('/');
  const namespace = row.namespace || owner.namespace || context.namespace;
  return {
    kind: 'Event',
    namespace,
    name: '',
    value: {
      type: row.type,
      reason: row.reason,
      message: row.message,
      age: row.age,
      involvedObject: { kind: kindOf(kind), name, namespace },
    },
    where: `${context.file}:${line}`,
    richness: 'row',
  };
}
