import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeRecord } from '@maru/journal';
import { concat, fixed64Field, lengthDelimited, noKinds, stringField, varintField } from '@maru/otlp';
import { OtlpReceiver, tracesRequest } from '@maru/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePorts, maru, startMaru } from '../test/maru.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'maru-dead-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

/** One span as the journal holds it; a trace id of a wrong width is what the engine refuses and the doors let in no more. */
function record(traceIdBytes: number): Uint8Array {
  const now = BigInt(Date.now()) * 1_000_000n;
  const span = concat(
    lengthDelimited(1, new Uint8Array(traceIdBytes).fill(1)),
    lengthDelimited(2, new Uint8Array(8).fill(1)),
    stringField(5, 'a span'),
    varintField(6, 2),
    fixed64Field(7, now),
    fixed64Field(8, now + 1n),
  );
  const request = lengthDelimited(1, lengthDelimited(2, lengthDelimited(2, span)));
  const account = { items: 1, services: new Map([['board-api', 1]]), kinds: noKinds, nestedValues: 0 };
  return concat(...encodeRecord(request, account, now).buffers);
}

function put(folder: string, name: string, content: Uint8Array | string): void {
  mkdirSync(join(data, folder), { recursive: true });
  writeFileSync(join(data, folder, name), content);
}

test('what the engine refused is listed, shown, and put back: stored when the cause is mended, dead again when not', async () => {
  const [http = 0, grpc = 0, console = 0] = await freePorts(3);
  put('journal/traces', '000000000001.segment', record(17));
  put('dead/traces', '000000000999-0.segment', record(16));
  put('dead/traces', '000000000999-0.reason', 'an engine of former times\n');
  const ports = [
    '--port-otlp-http',
    `${http}`,
    '--port-otlp-grpc',
    `${grpc}`,
    '--port-console',
    `${console}`,
  ];
  const running = startMaru(['serve', '--data', data, ...ports], { env: { MARU_NO_INSTALL: '1' } });
  const counts = async (): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${console}/api/ledger`).catch(() => undefined);
    if (response?.ok !== true) return undefined;
    const { signals, balanced } = (await response.json()) as {
      signals: { traces: object };
      balanced: boolean;
    };
    return { ...signals.traces, balanced };
  };
  const within = { timeout: 30_000 };
  try {
    await expect.poll(counts, within).toMatchObject({ journaled: '1', dead: '1', waiting: '0' });
    const listed = (await maru('dead', 'list', '--data', data)).stdout;
    expect(listed).toMatch(/^traces\/000000000001-0 +\d{4}-\d\d-\d\dT[\d:]+Z +1 items +.*FixedString/m);
    expect(listed).toMatch(/^traces\/000000000999-0 .* an engine of former times$/m);
    const shown = (await maru('dead', 'show', 'traces/000000000001-0', '--data', data)).stdout;
    expect(shown).toMatch(/^services {2}board-api \(1\)$/m);
    expect(await maru('dead', 'retry', 'all', '--data', data)).toMatchObject({
      code: 0,
      stdout:
        'traces/000000000001-0: 1 items are in the journal again\ntraces/000000000999-0: 1 items are in the journal again\n',
    });
    await expect
      .poll(counts, within)
      .toMatchObject({ journaled: '3', stored: '1', dead: '2', waiting: '0', balanced: true });
    const left = (await maru('dead', 'list', '--data', data)).stdout.trim().split('\n');
    expect(left).toEqual([expect.stringMatching(/^traces\/00000000000\d-0 .*FixedString/)]);
    const gone = await maru('dead', 'retry', 'traces/000000000999-0', '--data', data);
    expect(gone).toMatchObject({
      code: 1,
      stderr: 'maru: there is no dead letter traces/000000000999-0: see ./maru dead list\n',
    });
  } finally {
    running.process.kill('SIGTERM');
    await running.ended;
  }
}, 90_000);

test('without a stack nothing is put back, and a wrong word is answered', async () => {
  expect(await maru('dead', 'list', '--data', data)).toMatchObject({
    code: 0,
    stdout: 'there are no dead letters\n',
  });
  put('dead/logs', '000000000007-12.segment', record(16));
  const retried = await maru('dead', 'retry', 'logs/000000000007-12', '--data', data);
  expect(retried.code).toBe(1);
  expect(retried.stderr).toMatch(
    /^maru: no stack runs on \S+ \(cannot reach intake .*\): start it with \.\/maru serve/,
  );
  expect(await maru('dead', 'show', 'nothing', '--data', data)).toMatchObject({ code: 2 });
  expect(await maru('dead', 'show', 'logs/000000000008-0', '--data', data)).toMatchObject({
    code: 1,
    stderr: 'maru: there is no dead letter logs/000000000008-0; see ./maru dead list\n',
  });
  expect(await maru('dead', '--data', data)).toMatchObject({
    code: 2,
    stderr: 'maru: ./maru dead needs "list", "show ID" or "retry ID…|all"\n',
  });
});

test('what a destination refused is listed with its name, and sent again on demand', async () => {
  const receiver = await OtlpReceiver.start();
  receiver.answer = () => ({ status: 401 });
  const [http = 0, grpc = 0, console = 0] = await freePorts(3);
  const config = join(data, 'forward.yaml');
  writeFileSync(config, `forward: {to: {tempo: {endpoint: "${receiver.url}", batch: {wait: 10ms}}}}\n`);
  const ports = [
    '--port-otlp-http',
    `${http}`,
    '--port-otlp-grpc',
    `${grpc}`,
    '--port-console',
    `${console}`,
  ];
  const running = startMaru(['serve', '--data', data, '--config', config, ...ports], {
    env: { MARU_NO_INSTALL: '1' },
  });
  const letters = async (): Promise<string> => (await maru('dead', 'list', '--data', data)).stdout;
  try {
    const sent = (): Promise<number | undefined> =>
      fetch(`http://127.0.0.1:${http}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: Uint8Array.from(tracesRequest(1, 3)),
      }).then(
        ({ status }) => status,
        () => undefined,
      );
    await expect.poll(sent, { timeout: 30_000 }).toBe(200);
    const within = { timeout: 30_000, interval: 500 };
    await expect.poll(letters, within).toMatch(/tempo\/traces\/\d{12}-0 .* 3 items +it answered 401$/m);
    const [name = ''] = /tempo\/traces\/\S+/.exec(await letters()) ?? [];
    receiver.answer = () => ({ status: 200 });
    expect(await maru('dead', 'retry', name, '--data', data)).toMatchObject({
      code: 0,
      stdout: `${name}: 3 items were sent to tempo\n`,
    });
    expect(await letters()).not.toContain(name);
    expect(receiver.items).toEqual([0, 1, 2]);
  } finally {
    running.process.kill('SIGTERM');
    await running.ended;
    await receiver.close();
  }
});
