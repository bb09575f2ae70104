import { RunningStack } from '@maru/testkit';
import { ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { type LogAttributes, SeverityNumber } from '@opentelemetry/api-logs';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LokiLine, lokiLines } from '../support/query.ts';
import { resource, scope, serviceOf } from './resource.ts';
import { senders } from './senders.ts';

// What the SDK's log record holds against what Loki's query returns, field by field, for each way to send it.
let stack: RunningStack;
beforeAll(async () => {
  stack = await RunningStack.start();
});
afterAll(() => stack.stop());

const spanContext = {
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  traceFlags: TraceFlags.SAMPLED,
};
const attributes: LogAttributes = {
  text: 'x',
  whole: 5,
  fraction: 1.5,
  yes: true,
  list: ['a', 1],
  deep: { a: [1, { b: 'c' }] },
};
const timeUnixNano = (record: number): string => `${baseMs + record}000000`;
const baseMs = Date.now();

test.each(senders)('records with every field, over %s', async (protocol, { logs }) => {
  const provider = new LoggerProvider({
    resource: resource(protocol),
    processors: [new SimpleLogRecordProcessor({ exporter: logs(stack) })],
  });
  const logger = provider.getLogger(scope.name, scope.version);
  logger.emit({
    timestamp: baseMs,
    observedTimestamp: baseMs + 7,
    severityNumber: SeverityNumber.WARN,
    severityText: 'WARN',
    eventName: 'login',
    body: '관리자 로그인 성공',
    attributes,
    context: trace.setSpanContext(ROOT_CONTEXT, spanContext),
  });
  logger.emit({ timestamp: baseMs + 1, observedTimestamp: baseMs + 1, body: { n: 1, list: ['x', true] } });
  await provider.shutdown();

  const { first, second } = await bothLines(protocol);
  expect(first).toEqual({ ...expectedText, stream: expectedStream(protocol) });
  expect(second.line).toBe('{"n":1,"list":["x",true]}');
});

async function bothLines(protocol: string): Promise<{ first: LokiLine; second: LokiLine }> {
  const query = `{service_name="${serviceOf(protocol)}"}`;
  const [second] = await lokiLines(stack.queryUrl, `${query} != "관리자"`);
  const [first] = await lokiLines(stack.queryUrl, `${query} |= "관리자"`);
  if (first === undefined || second === undefined) throw new Error('a line is missing');
  expect(second.timeUnixNano).toBe(timeUnixNano(1));
  return { first, second };
}

function expectedStream(protocol: string): LokiLine['stream'] {
  return { service_name: serviceOf(protocol), service_instance_id: 'instance-1' };
}

const expectedText = {
  timeUnixNano: timeUnixNano(0),
  line: '관리자 로그인 성공',
  structuredMetadata: expect.objectContaining({
    text: 'x',
    whole: '5',
    fraction: '1.5',
    yes: 'true',
    list: '["a",1]',
    trace_id: spanContext.traceId,
    span_id: spanContext.spanId,
    flags: '1',
    severity_number: '13',
    severity_text: 'WARN',
    detected_level: 'warn',
    event_name: 'login',
    observed_timestamp: timeUnixNano(7),
    scope_name: scope.name,
    scope_version: scope.version,
    service_version: '1.4.2',
    process_pid: '7',
    process_command_args: '["node","main"]',
  }),
};
