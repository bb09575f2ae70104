import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  concat,
  doubleField,
  lengthDelimited,
  stringField,
  varint,
  varintField,
  zigzagField,
} from '@maru/otlp';
import { freePorts, RunningStack } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, getJson, type PrometheusSeries } from '../support/query.ts';

// Maru and a real Prometheus scrape the same targets with the same configuration file. What each answers must be equal.
const directory = mkdtempSync(join(tmpdir(), 'maru-scrape-'));
const configuration = join(directory, 'prometheus.yml');
/** The same for Prometheus, whose version 2 has no setting for native histograms but a flag. */
const peerConfiguration = join(directory, 'peer.yml');
const nativeSetting = 'scrape_native_histograms: true';

/** Shows what it is told to show, in the format that it is told to be. */
class FixedTarget {
  body: string | Uint8Array = '';
  contentType = 'text/plain; version=0.0.4';
  readonly #server: Server = createServer((_, response) => {
    response.writeHead(this.body === '' ? 503 : 200, { 'content-type': this.contentType });
    response.end(this.body);
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const plain = new FixedTarget();
const open = new FixedTarget();
const native = new FixedTarget();
const children: ChildProcess[] = [];
let stack: RunningStack;
let prometheusUrl: string;

function run(program: string, ...parameters: readonly string[]): void {
  children.push(spawn(program, [...parameters], { stdio: 'ignore', cwd: directory }));
}

plain.body = `# HELP http_requests_total Requests by code, with a \\\\ and a\\nline.
# TYPE http_requests_total counter
http_requests_total{code="200",path="/a\\"b\\\\c\\nd"} 1027
http_requests_total{code="400",path=""} 3
# TYPE temperature gauge
temperature -3.5e-2
odd_name:sum{job="own",instance="theirs",__tmp="x"} +Inf
not_a_number NaN
# TYPE latency_seconds histogram
latency_seconds_bucket{le="0.1"} 1
latency_seconds_bucket{le="1"} 3
latency_seconds_bucket{le="+Inf"} 4
latency_seconds_sum 5.5
latency_seconds_count 4
# TYPE sizes summary
sizes{quantile="0.5"} 12
sizes{quantile="1"} 20
sizes_sum 100
sizes_count 9
dropped_by_rule 1
doubled__underscore_total_in_the_total 7
_led_by_one{_label="x",a_total="1"} 8
`;

open.contentType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
open.body = `# TYPE jobs counter
# HELP jobs Jobs done.
jobs_total{queue="mail"} 17 # {trace_id="5b8efff798038103d269b633813fc60c"} 1 ${Math.floor(Date.now() / 1000)}
jobs_created{queue="mail"} 1520430000.123
# TYPE build info
build_info{version="1.2"} 1
# TYPE wait_seconds histogram
# UNIT wait_seconds seconds
wait_seconds_bucket{le="0.5"} 2 # {trace_id="5b8efff798038103d269b633813fc60d"} 0.3
wait_seconds_bucket{le="+Inf"} 2
wait_seconds_count 2
wait_seconds_sum 0.7
# EOF
`;

native.contentType =
  'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

/** A family of one native histogram: 1 zero, 2 up to 1, 3 up to the root of 2, 4 below 0. */
function nativeFamily(): Uint8Array {
  const span = (field: number, offset: number, length: number): Uint8Array =>
    lengthDelimited(field, zigzagField(1, offset), varintField(2, length));
  const histogram = lengthDelimited(
    7,
    varintField(1, 10),
    doubleField(2, 3.5),
    zigzagField(5, 1),
    doubleField(6, 0.001),
    varintField(7, 1),
    span(9, -1, 1),
    lengthDelimited(10, varint(8)),
    span(12, 0, 2),
    lengthDelimited(13, varint(4), varint(2)),
  );
  const label = lengthDelimited(1, stringField(1, 'path'), stringField(2, '/'));
  const family = concat(
    stringField(1, 'sizes_native'),
    stringField(2, 'Sizes.'),
    varintField(3, 4),
    lengthDelimited(4, label, histogram),
  );
  return concat(varint(family.length), family);
}

beforeAll(async () => {
  native.body = nativeFamily();
  const [nodePort, prometheusPort] = (await freePorts(2)) as [number, number];
  const [plainAddress, openAddress, nativeAddress] = [
    await plain.listen(),
    await open.listen(),
    await native.listen(),
  ];
  const text = `global: {scrape_interval: 1s, scrape_timeout: 900ms}
rule_files: []
scrape_configs:
  - job_name: node
    static_configs: [{targets: ["127.0.0.1:${nodePort}"], labels: {rack: r1}}]
  - job_name: plain
    static_configs: [{targets: ["${plainAddress}", "127.0.0.1:1"]}]
    relabel_configs:
      - {source_labels: [__address__], regex: "127.0.0.1:1", action: drop}
      - {source_labels: [__address__], regex: "(.*):(.*)", target_label: at, replacement: "$2@$1"}
      - {source_labels: [__address__], modulus: 8, target_label: shard, action: hashmod}
    metric_relabel_configs:
      - {source_labels: [__name__], regex: "dropped_.*", action: drop}
      - {regex: "__tmp", action: labeldrop}
      - {source_labels: [code], regex: "4..", target_label: bad, replacement: "yes"}
  - job_name: open
    honor_labels: true
    static_configs: [{targets: ["${openAddress}"]}]
  - job_name: native
    ${nativeSetting}
    static_configs: [{targets: ["${nativeAddress}"]}]
  - job_name: down
    static_configs: [{targets: ["127.0.0.1:1"]}]
`;
  writeFileSync(configuration, text);
  writeFileSync(peerConfiguration, text.replace(nativeSetting, ''));
  run('prometheus-node-exporter', `--web.listen-address=127.0.0.1:${nodePort}`);
  run(
    'prometheus',
    `--config.file=${peerConfiguration}`,
    '--enable-feature=native-histograms',
    `--web.listen-address=127.0.0.1:${prometheusPort}`,
    `--storage.tsdb.path=${join(directory, 'tsdb')}`,
  );
  prometheusUrl = `http://127.0.0.1:${prometheusPort}`;
  stack = await RunningStack.start({ settings: { prometheusFile: configuration } });
});

afterAll(async () => {
  await stack.stop();
  for (const child of children) child.kill('SIGKILL');
  plain.close();
  open.close();
  native.close();
  rmSync(directory, { recursive: true, force: true });
});

async function series(url: string, query: string): Promise<ReadonlyMap<string, string>> {
  const parameters = new URLSearchParams({ query });
  const answer = await fetch(`${url}/api/v1/query?${parameters}`).catch(() => undefined);
  if (answer?.ok !== true) return new Map();
  const { data } = (await answer.json()) as { data: { result: readonly PrometheusSeries[] } };
  return new Map(data.result.map(({ metric, value }) => [labelText(metric), value[1]]));
}

/** Prometheus 3, whose rules Maru follows, writes `le="1.0"` where version 2 leaves what the target wrote. */
function labelText(metric: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(metric).map(([name, value]) => [
    name,
    (name === 'le' || name === 'quantile') && value !== '+Inf' ? String(Number(value)) : value,
  ]);
  return JSON.stringify(pairs.toSorted());
}

/** Waits until both have a query's series, and gives them once the same number was seen. */
function both(query: string): Promise<readonly [ReadonlyMap<string, string>, ReadonlyMap<string, string>]> {
  return eventually(`${query} in both`, async () => {
    const [maru, prometheus] = [await series(stack.queryUrl, query), await series(prometheusUrl, query)];
    return maru.size > 0 && maru.size === prometheus.size ? ([maru, prometheus] as const) : undefined;
  });
}

describe('as Prometheus scrapes', () => {
  test.each(['plain', 'open'])('%s: equal series and values', async (job) => {
    const [maru, prometheus] = await both(`{job="${job}",__name__!~"scrape_.*"}`);
    expect(maru).toEqual(prometheus);
    const own = (name: string): string => `${name}{job="${job}"}`;
    for (const name of ['scrape_samples_scraped', 'scrape_samples_post_metric_relabeling', 'up']) {
      const [one, other] = await both(own(name));
      expect(one, name).toEqual(other);
    }
  });

  test('the series of a real exporter', async () => {
    const [maru, prometheus] = await both('{job="node"}');
    expect(maru.size).toBeGreaterThan(200);
    expect([...maru.keys()].toSorted()).toEqual([...prometheus.keys()].toSorted());
  });

  test.each([
    'histogram_count(sizes_native)',
    'histogram_sum(sizes_native)',
    'histogram_fraction(-1, 0.5, sizes_native)',
  ])('a native histogram: %s', async (query) => {
    const [maru, prometheus] = await both(query);
    expect([...maru.keys()]).toEqual([...prometheus.keys()]);
    expect(Number([...maru.values()][0])).toBeCloseTo(Number([...prometheus.values()][0]), 9);
  });

  test('a quantile of a native histogram lies between its bounds as in Prometheus 3', async () => {
    // Rank 9 of 10 is two thirds into the bucket from 1 to the root of 2; version 2 would go there in a straight line.
    const [maru] = await both('histogram_quantile(0.9, sizes_native)');
    expect(Number([...maru.values()][0])).toBeCloseTo(2 ** (1 / 3), 9);
  });

  test('a target that is away', async () => {
    const [maru, prometheus] = await both('{job="down",__name__!="scrape_duration_seconds"}');
    expect(maru).toEqual(prometheus);
    const [up] = await both('up{job="down"}');
    expect([...up.values()]).toEqual(['0']);
  });

  test('types, help and exemplars', async () => {
    const metadata = await getJson<{ data: Record<string, readonly object[]> }>(
      `${stack.queryUrl}/api/v1/metadata`,
    );
    expect(metadata.data.http_requests_total).toMatchObject([
      { type: 'counter', help: 'Requests by code, with a \\ and a\nline.' },
    ]);
    const parameters = `query=jobs_total&start=${Date.now() / 1000 - 60}&end=${Date.now() / 1000 + 60}`;
    const { data } = await getJson<{ data: readonly { exemplars: readonly object[] }[] }>(
      `${stack.queryUrl}/api/v1/query_exemplars?${parameters}`,
    );
    expect(data[0]?.exemplars[0]).toMatchObject({
      labels: { trace_id: '5b8efff798038103d269b633813fc60c' },
      value: '1',
    });
  });

  test('/api/v1/targets tells the same', async () => {
    const targets = async (url: string): Promise<readonly object[]> => {
      type Target = Record<
        'scrapePool' | 'scrapeUrl' | 'health' | 'scrapeInterval' | 'scrapeTimeout',
        string
      >;
      const { data } = await getJson<{
        data: { activeTargets: readonly (Target & { labels: object; discoveredLabels: object })[] };
      }>(`${url}/api/v1/targets?state=active`);
      return data.activeTargets
        .map(
          ({ scrapePool, scrapeUrl, health, scrapeInterval, scrapeTimeout, labels, discoveredLabels }) => ({
            ...{ scrapePool, scrapeUrl, health, scrapeInterval, scrapeTimeout, labels, discoveredLabels },
          }),
        )
        .toSorted((left, right) =>
          left.scrapeUrl + left.scrapePool < right.scrapeUrl + right.scrapePool ? -1 : 1,
        );
    };
    expect(await targets(stack.queryUrl)).toEqual(await targets(prometheusUrl));
  });
});

describe('when something ends', () => {
  test('a series that is not shown any more is gone at the next scrape, and so is every one of a target that fails', async () => {
    plain.body = String(plain.body).replace('temperature -3.5e-2\n', '');
    await eventually('the end of temperature', async () =>
      (await series(stack.queryUrl, 'temperature')).size === 0 ? true : undefined,
    );
    expect((await series(stack.queryUrl, 'http_requests_total')).size).toBe(2);
    open.body = '';
    await eventually('the end of all of the target', async () =>
      (await series(stack.queryUrl, 'jobs_total')).size === 0 ? true : undefined,
    );
    expect([...(await series(stack.queryUrl, 'up{job="open"}')).values()]).toEqual(['0']);
  });

  test('a body of half a kind is no scrape', async () => {
    open.body = '# TYPE jobs counter\njobs_total 1\n';
    const { data } = await eventually('the reason', async () => {
      const answer = await getJson<{
        data: { activeTargets: readonly { lastError: string; scrapePool: string }[] };
      }>(`${stack.queryUrl}/api/v1/targets`);
      return answer.data.activeTargets.some(({ lastError }) => lastError.includes('# EOF'))
        ? answer
        : undefined;
    });
    expect(data.activeTargets.find(({ scrapePool }) => scrapePool === 'open')?.lastError).toContain(
      'cut off',
    );
  });

  test('a job that leaves the file takes its series with it', async () => {
    writeFileSync(configuration, 'scrape_configs: []\n');
    await eventually('the end of up', async () =>
      (await series(stack.queryUrl, 'up')).size === 0 ? true : undefined,
    );
  });
});
