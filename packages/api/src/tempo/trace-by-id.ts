import { type NanoRange, nanosPerSecond } from '@maru/query-core';
import type { Reader } from '@maru/store';
import { protobuf, text, writtenJson } from '../http/answer.ts';
import { RequestError } from '../http/failure.ts';
import { type Parameters, shown } from '../http/parameters.ts';
import type { Handle, RequestContext } from '../http/router.ts';
import { unixSecondsRange } from '../http/unix-range.ts';
import { readTrace } from './trace/read-trace.ts';
import type { Trace } from './trace/trace.ts';
import { traceJson, traceJsonV1 } from './trace/trace-json.ts';
import { bareTrace, traceByIdResponse } from './trace/trace-protobuf.ts';

/** `GET /api/v2/traces/{id}`: a trace that is not there is answered 200 and empty, as Tempo does. */
export function traceByIdV2(reader: Reader): Handle {
  return async (context) => {
    const trace = await find(reader, context);
    return wantsProtobuf(context) ? protobuf(traceByIdResponse(trace)) : writtenJson(traceJson(trace));
  };
}

/** `GET /api/traces/{id}`: 404 without a body when it is not there. */
export function traceByIdV1(reader: Reader): Handle {
  return async (context) => {
    const trace = await find(reader, context);
    if (trace.resourceSpans.length === 0) return text('', 404);
    return wantsProtobuf(context) ? protobuf(bareTrace(trace)) : writtenJson(traceJsonV1(trace));
  };
}

function find(reader: Reader, { path, parameters, signal }: RequestContext): Promise<Trace> {
  return readTrace(reader, traceId(path.id ?? ''), traceRange(parameters), signal);
}

/** Tempo takes 1 to 32 hexadecimal digits and pads short ids on the left. */
function traceId(given: string): string {
  if (/^[0-9a-fA-F]{1,32}$/.test(given)) return given.toLowerCase().padStart(32, '0');
  throw new RequestError('bad_request', `trace id ${shown(given)} is not 1 to 32 hexadecimal digits`);
}

/** An id alone may be anywhere in time: the trace_id index, not the range, keeps this quick. */
function traceRange(parameters: Parameters): NanoRange {
  if (parameters.has('start') || parameters.has('end')) return unixSecondsRange(parameters, 3600);
  return { startUnixNano: 0n, endUnixNano: (BigInt(Date.now()) / 1000n + 86_400n) * nanosPerSecond };
}

function wantsProtobuf({ headers }: RequestContext): boolean {
  const accepted = `${headers.accept ?? ''}`;
  return accepted.includes('application/protobuf');
}
