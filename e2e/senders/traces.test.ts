import { RunningStack } from '@maru/testkit';
import {
  type Attributes,
  createTraceState,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { byKey, type TempoSpan, tempoTrace } from '../support/query.ts';
import { expectedResource, resource, scope } from './resource.ts';
import { senders } from './senders.ts';

// What the SDK's span holds against what Tempo's trace by id returns, field by field, for each way to send it.
let stack: RunningStack;
beforeAll(async () => {
  stack = await RunningStack.start();
});
afterAll(() => stack.stop());

const parent = {
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
  traceState: createTraceState('vendor=1'),
};
const linked = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
};
const attributes: Attributes = {
  text: '관리자 로그인',
  empty: '',
  whole: -5,
  large: 4_294_967_296,
  fraction: 1.5,
  yes: true,
  no: false,
  texts: ['a', ''],
  numbers: [1, 2.5],
  flags: [true, false],
};
const expectedAttributes = {
  text: { stringValue: '관리자 로그인' },
  empty: { stringValue: '' },
  whole: { intValue: '-5' },
  large: { intValue: '4294967296' },
  fraction: { doubleValue: 1.5 },
  yes: { boolValue: true },
  no: { boolValue: false },
  texts: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: '' }] } },
  numbers: { arrayValue: { values: [{ intValue: '1' }, { doubleValue: 2.5 }] } },
  flags: { arrayValue: { values: [{ boolValue: true }, { boolValue: false }] } },
};

test.each(senders)('a span with everything, over %s', async (protocol, { traces }) => {
  const provider = new TracerProvider({
    resource: resource(protocol),
    spanProcessors: [new SimpleSpanProcessor({ exporter: traces(stack) })],
  });
  const tracer = provider.getTracer(scope.name, scope.version);
  const remote = trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceId: traceIdOf(protocol) });
  const span = tracer.startSpan(
    'POST /api/login',
    { kind: SpanKind.SERVER, attributes, links: [{ context: linked, attributes: { why: 'retry' } }] },
    remote,
  );
  span.addEvent('checked', { rows: 3 });
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'no' });
  span.end();
  await provider.shutdown();

  const { resourceSpans } = await tempoTrace(stack.queryUrl, traceIdOf(protocol));
  expect(resourceSpans).toHaveLength(1);
  expect(byKey(resourceSpans[0]?.resource.attributes)).toEqual(expectedResource(protocol));
  expect(resourceSpans[0]?.scopeSpans).toHaveLength(1);
  expect(resourceSpans[0]?.scopeSpans[0]?.scope).toEqual(scope);
  const [found] = resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
  expect(readable(found)).toEqual(expectedSpan(readableSpan(span)));
});

/** The SDK's spans are readable; the API's type does not say so. */
function readableSpan(span: Span): ReadableSpan {
  if (!isReadable(span)) throw new Error('a span of another SDK');
  return span;
}

function isReadable(span: Span): span is Span & ReadableSpan {
  return 'startTime' in span && 'instrumentationScope' in span;
}

function expectedSpan(span: ReadableSpan): unknown {
  const [event] = span.events;
  return {
    traceId: base64(span.spanContext().traceId),
    spanId: base64(span.spanContext().spanId),
    parentSpanId: base64(parent.spanId),
    traceState: 'vendor=1',
    flags: 0x301,
    name: 'POST /api/login',
    kind: 'SPAN_KIND_SERVER',
    startTimeUnixNano: nanos(span.startTime),
    endTimeUnixNano: nanos(span.endTime),
    attributes: expectedAttributes,
    events: [
      {
        timeUnixNano: nanos(event?.time ?? [0, 0]),
        name: 'checked',
        attributes: [{ key: 'rows', value: { intValue: '3' } }],
      },
    ],
    links: [
      {
        traceId: base64(linked.traceId),
        spanId: base64(linked.spanId),
        attributes: [{ key: 'why', value: { stringValue: 'retry' } }],
        flags: 0x101,
      },
    ],
    status: { code: 'STATUS_CODE_ERROR', message: 'no' },
  };
}

function readable(span: TempoSpan | undefined): unknown {
  return { ...span, attributes: byKey(span?.attributes) };
}

/** One trace for each protocol, so that none finds another's span. */
function traceIdOf(protocol: string): string {
  const index = senders.findIndex(([name]) => name === protocol);
  return `${parent.traceId.slice(0, -1)}${index}`;
}

function nanos([seconds, nanoseconds]: readonly [number, number]): string {
  return String(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds));
}

function base64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}
