import { RunningStack } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OtlpProtocol, otlpProtocols } from './target.ts';
import { walkOtlp } from './walk.ts';

/** Longer than any machine takes; a walk that succeeds does not wait for it. */
const timeoutMs = 30_000;

describe('against the stack itself', () => {
  let stack: RunningStack;
  beforeAll(async () => {
    stack = await RunningStack.start();
  }, 60_000);
  afterAll(async () => {
    await stack.stop();
  });

  const base = (protocol: OtlpProtocol): URL =>
    new URL(protocol === 'grpc' ? stack.otlpGrpcUrl : stack.otlpHttpUrl);

  it.each(otlpProtocols)(
    '%s arrives and is read back in all three signals',
    async (protocol) => {
      const query = new URL(stack.queryUrl);
      const report = await walkOtlp({ base: base(protocol), protocol, headers: {}, query, timeoutMs });
      expect(report.steps.filter(({ ok }) => !ok)).toEqual([]);
      expect(report.status).toBe('healthy');
      expect(report.steps.at(-1)?.seen.match(/ found: /g)).toHaveLength(3);
    },
    120_000,
  );

  it.each([
    ['http/protobuf', 'grpc', 'otlp-http-on-grpc-port'],
    ['grpc', 'http/protobuf', 'otlp-grpc-on-http-port'],
  ] as const)('%s at the door of %s', async (protocol, door, id) => {
    const report = await walkOtlp({ base: base(door), protocol, headers: {}, timeoutMs });
    expect(report.findings.map((finding) => finding.id)).toEqual([id]);
  });
});
