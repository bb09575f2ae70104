import {
  Cursor,
  concat,
  double,
  doubleField,
  lengthDelimited,
  snap,
  stringField,
  varintField,
  zigzagField,
} from '@maru/otlp';
import { unsnap } from '@maru/receive';
import { RunningStack } from '@maru/testkit';
import {
  generatedSeries,
  type PeerPrometheus,
  peerVersion,
  pointMs,
  startPeerPrometheus,
  writeRequest2,
} from '@maru/testkit/queries';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, getJson } from '../support/query.ts';

// A real Prometheus that has nothing of its own and reads from Maru (remote_read): it must answer as Maru itself does.
const version = peerVersion();
const title = version === undefined ? 'no prometheus is on the PATH: skipped' : `Prometheus ${version}`;

interface Series {
  readonly metric: Readonly<Record<string, string>>;
}

interface Answer {
  readonly data?: { readonly result: readonly Series[] };
  readonly error?: string;
}

interface Ledger {
  readonly signals: { readonly metrics: { readonly journaled: string; readonly stored: string } };
}

describe.skipIf(version === undefined)(`remote read (${title})`, () => {
  let stack: RunningStack;
  let peer: PeerPrometheus;
  beforeAll(async () => {
    stack = await RunningStack.start({ settings: { retentionDays: 100_000 } });
    await send();
    peer = await startPeerPrometheus(
      `remote_read: [{url: '${stack.queryUrl}/api/v1/read', read_recent: true}]`,
    );
  });
  afterAll(async () => {
    await peer?.stop();
    await stack?.stop();
  });

  function write(message: Uint8Array): Promise<Response> {
    return fetch(`${stack.otlpHttpUrl}/api/v1/write`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
      body: snap(message),
    });
  }

  async function untilStored(): Promise<void> {
    await eventually('what was sent', async () => {
      const { signals } = await getJson<Ledger>(`${stack.queryUrl}/api/ledger`);
      return signals.metrics.journaled === signals.metrics.stored ? true : undefined;
    });
  }

  async function send(): Promise<void> {
    const response = await fetch(`${stack.otlpHttpUrl}/api/v1/write`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
        'content-encoding': 'snappy',
      },
      body: snap(writeRequest2(generatedSeries(7), pointMs, () => 0)),
    });
    expect(response.status).toBe(204);
    await untilStored();
  }

  const ask = async (url: string, path: string, form: Readonly<Record<string, string>>): Promise<unknown> => {
    const response = await fetch(`${url}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    const { data, error } = (await response.json()) as Answer;
    // The order of an instant vector is nobody's promise.
    const key = ({ metric }: Series): string => JSON.stringify(Object.entries(metric).toSorted());
    return data?.result.toSorted((left, right) => (key(left) < key(right) ? -1 : 1)) ?? error;
  };

  const range = { start: '60.25', end: '3540.25', step: '60' };
  test.each([
    'requests_total',
    'temperature',
    '{job=~"a.*", code!="200"}',
    'load{job="api"}[10m]',
    // Rounded: Prometheus 2 adds up without Kahan's correction, so the last digit may differ.
    'round(sum by (job) (rate(requests_total[5m])), 0.001)',
    'histogram_quantile(0.9, sum by (le) (rate(latency_bucket[5m])))',
    'count_over_time(temperature[20m])',
    'absent(nothing)',
  ])('%s', async (query) => {
    const isRange = query.endsWith(']');
    for (const time of ['900.25', '2400.25', '3700.25']) {
      const form = { query, time };
      expect(await ask(peer.url, 'query', form), time).toEqual(await ask(stack.queryUrl, 'query', form));
    }
    if (isRange) return;
    const form = { query, ...range };
    expect(await ask(peer.url, 'query_range', form)).toEqual(await ask(stack.queryUrl, 'query_range', form));
  });

  test('a client that asks for samples gets samples', async () => {
    const matcher = lengthDelimited(3, stringField(2, '__name__'), stringField(3, 'temperature'));
    const query = lengthDelimited(1, varintField(1, 0), varintField(2, 3_600_000), matcher);
    const response = await fetch(`${stack.queryUrl}/api/v1/read`, { method: 'POST', body: snap(query) });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-protobuf');
    expect(response.headers.get('content-encoding')).toBe('snappy');
    expect(Buffer.from(await response.arrayBuffer()).includes('temperature')).toBe(true);
  });

  test('native histograms come as samples that remote write takes again', async () => {
    const histogram = concat(
      doubleField(2, 2.5),
      doubleField(3, 9.5),
      zigzagField(4, -53),
      lengthDelimited(11, zigzagField(1, 0), varintField(2, 2)),
      lengthDelimited(13, double(1), double(1.5)),
      varintField(15, 600_000),
      lengthDelimited(16, double(0.5)),
    );
    const labels = lengthDelimited(1, stringField(1, '__name__'), stringField(2, 'waits'));
    const sent = lengthDelimited(1, labels, lengthDelimited(4, histogram));
    expect((await write(sent)).status).toBe(204);
    await untilStored();
    const matcher = lengthDelimited(3, stringField(2, '__name__'), stringField(3, 'waits'));
    // Chunks first, samples second: there are no chunks of native histograms here.
    const query = concat(
      lengthDelimited(1, varintField(2, 3_600_000), matcher),
      varintField(2, 1),
      varintField(2, 0),
    );
    const response = await fetch(`${stack.queryUrl}/api/v1/read`, { method: 'POST', body: snap(query) });
    const answer = unsnap(new Uint8Array(await response.arrayBuffer()), 100_000);
    const result = new Cursor(answer);
    result.tag(answer.length);
    const length = result.length(answer.length);
    const series = answer.subarray(result.position, result.position + length);
    const again = await write(series);
    expect(again.status).toBe(204);
    expect(again.headers.get('x-prometheus-remote-write-histograms-written')).toBe('1');
    expect(await ask(stack.queryUrl, 'query', { query: 'histogram_sum(waits)', time: '660' })).toMatchObject([
      { value: [660, '9.5'] },
    ]);
  });

  test('what is no such request is refused', async () => {
    const response = await fetch(`${stack.queryUrl}/api/v1/read`, { method: 'POST', body: 'hello' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('no remote read request in Snappy');
  });
});
