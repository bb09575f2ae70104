export type {
  Account,
  Checked,
  CheckLimits,
  MalformedRequest,
  PointKinds,
  Rejection,
} from './check/checked.ts';
export { defaultCheckLimits, noKinds } from './check/checked.ts';
export { checkLogs } from './check/logs.ts';
export { checkMetrics } from './check/metrics.ts';
export { unknownService } from './check/pass.ts';
export { type CheckReason, checkReasons } from './check/reasons.ts';
export { checkTraces } from './check/traces.ts';
export {
  concat,
  double,
  doubleField,
  fixed32Field,
  fixed64,
  fixed64Field,
  lengthDelimited,
  stringField,
  tag,
  varint,
  varintField,
  wireType,
  zigzagField,
} from './encode.ts';
export { requestFromJson } from './json/request.ts';
export {
  contentTypes,
  type Encoding,
  exportResponse,
  type PartialSuccess,
  type RpcStatus,
  rpcCode,
  statusMessage,
} from './responses.ts';
export { type AdmitSeries, refusedPoints } from './series.ts';
export { isSignal, type Signal, signals } from './signal.ts';
export { snap } from './snap.ts';
export { serviceNameSources, streamLabelAttributes } from './stream-labels.ts';
export { Cursor, Malformed } from './wire.ts';
