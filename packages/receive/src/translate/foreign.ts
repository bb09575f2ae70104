import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '@maru/ledger';
import type { Signal } from '@maru/otlp';
import { lokiJsonToOtlp, lokiProtobufToOtlp } from './loki.ts';
import { readWriteRequest1, readWriteRequest2 } from './remote-write.ts';
import { seriesToOtlp, type WrittenCounts } from './series-to-otlp.ts';
import { zipkinToOtlp } from './zipkin.ts';
import { readZipkinJson } from './zipkin-json.ts';
import { readZipkinProtobuf } from './zipkin-protobuf.ts';

/** A request of another protocol, as OTLP. */
export interface Translated {
  readonly request: Uint8Array;
  /** Remote write's answer says how much was written. */
  readonly written?: WrittenCounts;
}

/** A way in for a protocol that is not OTLP: what it becomes, and how it is answered. */
export interface ForeignDoor {
  readonly signal: Signal;
  readonly successStatus: number;
  /** Whether the protocol's own rule makes a request with bad items a 400, though the good ones are kept. */
  readonly partialIsBad: boolean;
  /** The content encodings of its own; `snappy` is the block format. */
  readonly encodings: readonly string[];
  /** Makes OTLP of an inflated body. Throws a `Refusal`, or `Malformed`. */
  readonly translate: (body: Uint8Array, headers: IncomingHttpHeaders) => Translated;
}

const remoteWrite: ForeignDoor = {
  signal: 'metrics',
  successStatus: 204,
  partialIsBad: true,
  encodings: ['snappy'],
  translate: (body, headers) => {
    const { request, ...written } = seriesToOtlp(remoteWriteReader(headers['content-type'])(body));
    return { request, written };
  },
};

function remoteWriteReader(contentType = 'application/x-protobuf'): typeof readWriteRequest1 {
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const proto = parameters.find((parameter) => parameter.startsWith('proto='))?.slice('proto='.length);
  if (type === 'application/x-protobuf' && (proto === undefined || proto === 'prometheus.writerequest'))
    return readWriteRequest1;
  if (type === 'application/x-protobuf' && proto === 'io.prometheus.write.v2.request')
    return readWriteRequest2;
  throw unsupported(
    contentType,
    'application/x-protobuf, of prometheus.WriteRequest or io.prometheus.write.v2.Request',
  );
}

const lokiPush: ForeignDoor = {
  signal: 'logs',
  successStatus: 204,
  partialIsBad: true,
  encodings: ['snappy', 'gzip', 'deflate', ''],
  translate: (body, headers) => {
    const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
    if (type === 'application/json') return { request: lokiJsonToOtlp(body) };
    if (type === undefined || type === 'application/x-protobuf') return { request: lokiProtobufToOtlp(body) };
    throw unsupported(type, 'application/x-protobuf or application/json');
  },
};

const zipkin: ForeignDoor = {
  signal: 'traces',
  successStatus: 202,
  partialIsBad: false,
  encodings: ['gzip', 'deflate', 'zstd', ''],
  translate: (body, headers) => {
    const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
    if (type === undefined || type === 'application/json')
      return { request: zipkinToOtlp(readZipkinJson(body)) };
    if (type === 'application/x-protobuf') return { request: zipkinToOtlp(readZipkinProtobuf(body)) };
    throw unsupported(type, 'application/json or application/x-protobuf');
  },
};

function unsupported(type: string, instead: string): Refusal {
  const sentence = `the content type ${JSON.stringify(type.slice(0, 80))} is not supported here: use ${instead}`;
  return new Refusal('unsupported_content_type', sentence);
}

/** Paths of other protocols on the OTLP/HTTP port, as their senders have them. */
export const foreignDoors: ReadonlyMap<string, ForeignDoor> = new Map([
  ['/api/v1/write', remoteWrite],
  ['/api/v1/push', remoteWrite],
  ['/loki/api/v1/push', lokiPush],
  ['/api/prom/push', lokiPush],
  ['/api/v2/spans', zipkin],
]);
