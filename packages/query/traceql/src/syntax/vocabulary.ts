import type { KindName, StatusName } from './ast.ts';

/** Words that are a status, and words that are a kind. */
export const statusNames: ReadonlySet<string> = new Set<StatusName>(['ok', 'error', 'unset']);
export const kindNames: ReadonlySet<string> = new Set<KindName>([
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
]);

/** What an intrinsic is, whichever of its names was written. */
export type IntrinsicName =
  | 'duration'
  | 'name'
  | 'status'
  | 'statusMessage'
  | 'kind'
  | 'childCount'
  | 'parent'
  | 'rootName'
  | 'rootServiceName'
  | 'traceDuration'
  | 'nestedSetLeft'
  | 'nestedSetRight'
  | 'nestedSetParent'
  | 'traceId'
  | 'spanId'
  | 'parentId'
  | 'eventName'
  | 'eventTimeSinceStart'
  | 'linkTraceId'
  | 'linkSpanId'
  | 'instrumentationName'
  | 'instrumentationVersion';

/** Every intrinsic by each of its names. */
export const intrinsics: ReadonlyMap<string, IntrinsicName> = new Map<string, IntrinsicName>([
  ['duration', 'duration'],
  ['name', 'name'],
  ['status', 'status'],
  ['statusMessage', 'statusMessage'],
  ['kind', 'kind'],
  ['childCount', 'childCount'],
  ['parent', 'parent'],
  ['rootName', 'rootName'],
  ['rootServiceName', 'rootServiceName'],
  ['traceDuration', 'traceDuration'],
  ['nestedSetLeft', 'nestedSetLeft'],
  ['nestedSetRight', 'nestedSetRight'],
  ['nestedSetParent', 'nestedSetParent'],
  ['span:duration', 'duration'],
  ['span:name', 'name'],
  ['span:status', 'status'],
  ['span:statusMessage', 'statusMessage'],
  ['span:kind', 'kind'],
  ['span:childCount', 'childCount'],
  ['span:id', 'spanId'],
  ['span:parentID', 'parentId'],
  ['trace:duration', 'traceDuration'],
  ['trace:rootName', 'rootName'],
  ['trace:rootService', 'rootServiceName'],
  ['trace:id', 'traceId'],
  ['event:name', 'eventName'],
  ['event:timeSinceStart', 'eventTimeSinceStart'],
  ['link:traceID', 'linkTraceId'],
  ['link:spanID', 'linkSpanId'],
  ['instrumentation:name', 'instrumentationName'],
  ['instrumentation:version', 'instrumentationVersion'],
]);
