import { randomBytes } from 'node:crypto';
import {
  concat,
  doubleField,
  fixed64Field,
  lengthDelimited,
  type Signal,
  stringField,
  varintField,
} from '@maru/otlp';
import type { OtlpProtocol } from './target.ts';

/** What one run of the probe sends, so that exactly this can be read back. */
export interface ProbeIdentity {
  /** 32 hex digits; also the value of the attribute `maru.doctor.run`. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** In nanoseconds since 1970. */
  readonly timeUnixNano: bigint;
}

export const probeService = 'maru-doctor';
/** Without a dot, so that the metric has the same name in every query language. */
export const probeMetric = 'maru_doctor_probe';
/** The label of the metric that tells one run from another. */
export const runLabel = 'run';

const scopeName = 'maru.doctor';
const severityInfo = 9;
const spanName = 'maru doctor probe';

export function newIdentity(): ProbeIdentity {
  return {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    timeUnixNano: BigInt(Date.now()) * 1_000_000n,
  };
}

/** The text of the probe's log record. */
export function probeMessage({ traceId }: ProbeIdentity): string {
  return `maru doctor probe ${traceId}`;
}

/** The smallest valid export request of a signal: one span, one point of a gauge, or one log record. */
export function probeRequest(signal: Signal, identity: ProbeIdentity, protocol: OtlpProtocol): Uint8Array {
  return protocol === 'http/json'
    ? Buffer.from(JSON.stringify(jsonRequests[signal](identity)))
    : envelope(items[signal](identity));
}

/** resourceX { resource, scopeX { scope, item } }: the same field numbers for all three signals. */
function envelope(item: Uint8Array): Uint8Array {
  const resource = lengthDelimited(1, keyValue(1, 'service.name', probeService));
  const scope = lengthDelimited(1, stringField(1, scopeName));
  return lengthDelimited(1, resource, lengthDelimited(2, scope, lengthDelimited(2, item)));
}

function keyValue(field: number, key: string, value: string): Uint8Array {
  return lengthDelimited(field, stringField(1, key), lengthDelimited(2, stringField(1, value)));
}

function bytesField(field: number, hex: string): Uint8Array {
  return lengthDelimited(field, Buffer.from(hex, 'hex'));
}

const items: Readonly<Record<Signal, (identity: ProbeIdentity) => Uint8Array>> = {
  traces: ({ traceId, spanId, timeUnixNano }) =>
    concat(
      bytesField(1, traceId),
      bytesField(2, spanId),
      stringField(5, spanName),
      varintField(6, 1),
      fixed64Field(7, timeUnixNano),
      fixed64Field(8, timeUnixNano + 1_000_000n),
    ),
  metrics: ({ traceId, timeUnixNano }) => {
    const point = concat(fixed64Field(3, timeUnixNano), doubleField(4, 1), keyValue(7, runLabel, traceId));
    return concat(stringField(1, probeMetric), lengthDelimited(5, lengthDelimited(1, point)));
  },
  logs: (identity) =>
    concat(
      fixed64Field(1, identity.timeUnixNano),
      varintField(2, severityInfo),
      stringField(3, 'INFO'),
      lengthDelimited(5, stringField(1, probeMessage(identity))),
      bytesField(9, identity.traceId),
      bytesField(10, identity.spanId),
      fixed64Field(11, identity.timeUnixNano),
    ),
};

const resource = { attributes: [{ key: 'service.name', value: { stringValue: probeService } }] };
const scope = { name: scopeName };

const jsonRequests: Readonly<Record<Signal, (identity: ProbeIdentity) => object>> = {
  traces: ({ traceId, spanId, timeUnixNano }) => {
    const endTimeUnixNano = String(timeUnixNano + 1_000_000n);
    const startTimeUnixNano = String(timeUnixNano);
    const span = { traceId, spanId, name: spanName, kind: 1, startTimeUnixNano, endTimeUnixNano };
    return { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: [span] }] }] };
  },
  metrics: ({ traceId, timeUnixNano }) => {
    const attributes = [{ key: runLabel, value: { stringValue: traceId } }];
    const point = { timeUnixNano: String(timeUnixNano), asDouble: 1, attributes };
    const metric = { name: probeMetric, gauge: { dataPoints: [point] } };
    return { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: [metric] }] }] };
  },
  logs: (identity) => {
    const { traceId, spanId } = identity;
    const timeUnixNano = String(identity.timeUnixNano);
    const record = {
      timeUnixNano,
      observedTimeUnixNano: timeUnixNano,
      severityNumber: severityInfo,
      severityText: 'INFO',
      body: { stringValue: probeMessage(identity) },
      traceId,
      spanId,
    };
    return { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [record] }] }] };
  },
};
