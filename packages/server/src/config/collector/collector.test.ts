import { ConfigError, problemLine } from '@maru/config';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../index.ts';

const typical = `
receivers:
  otlp:
    protocols:
      grpc: {endpoint: 0.0.0.0:4317}
      http: {endpoint: 0.0.0.0:4318, cors: {allowed_origins: ["https://board.example"]}}
  prometheus:
    config:
      global: {scrape_interval: 15s}
      scrape_configs:
        - job_name: node
          static_configs: [{targets: ["10.0.0.5:9100"]}]
processors:
  memory_limiter: {check_interval: 1s, limit_mib: 512}
  batch: {timeout: 5s}
  attributes/clean:
    actions:
      - {key: http.request.header.cookie, action: delete}
      - {key: env, action: upsert, value: prod}
      - {key: user.id, action: hash}
  resource: {attributes: [{key: cluster, action: insert, value: aks}]}
  filter/health:
    error_mode: ignore
    traces: {span: ['attributes["http.route"] == "/healthz"']}
  probabilistic_sampler: {sampling_percentage: 25}
  tail_sampling:
    decision_wait: 10s
    num_traces: 1000
    policies:
      - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
      - {name: slow, type: latency, latency: {threshold_ms: 500}}
      - name: both
        type: and
        and:
          and_sub_policy:
            - {name: user, type: string_attribute, string_attribute: {key: user.id, values: ["^k"], enabled_regex_matching: true}}
            - {name: rate, type: rate_limiting, rate_limiting: {spans_per_second: 10}}
exporters:
  otlp/tempo: {endpoint: "tempo:4317", tls: {insecure: true}}
  otlphttp/mimir:
    endpoint: http://mimir:8080/otlp
    headers: {X-Scope-OrgID: team}
    retry_on_failure: {initial_interval: 1s, max_elapsed_time: 0s}
  debug: {verbosity: detailed}
service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [memory_limiter, filter/health, attributes/clean, tail_sampling, batch]
      exporters: [otlp/tempo, debug]
    metrics:
      receivers: [otlp, prometheus]
      processors: [memory_limiter, resource, batch]
      exporters: [otlphttp/mimir]
    logs: {receivers: [otlp], exporters: [debug]}
`;

describe('a file of the OpenTelemetry Collector', () => {
  const settings = parseConfig(typical, '/etc/otelcol/config.yaml');

  test('opens the doors that it opened, and scrapes what it scraped', () => {
    expect(settings).toMatchObject({
      host: '0.0.0.0',
      otlpGrpcPort: 4317,
      otlpHttpPort: 4318,
      corsOrigins: ['https://board.example'],
    });
    expect(settings.scrapeJobs).toMatchObject([{ name: 'node', intervalMs: 15_000 }]);
  });

  test('has a destination for each exporter of each pipeline, with the processors in their order', () => {
    const [tempo, mimir, ...more] = settings.forward?.destinations ?? [];
    expect(more).toEqual([]);
    expect(tempo).toMatchObject({
      name: 'otlp-tempo-traces',
      protocol: 'grpc',
      endpoints: { traces: 'http://tempo:4317' },
      batchWaitMs: 5_000,
      timeoutMs: 5_000,
    });
    expect(tempo?.processors.map(({ kind }) => kind)).toEqual([
      'filter',
      'attributes',
      'attributes',
      'attributes',
      'tail_sample',
    ]);
    expect(tempo?.processors.at(-1)).toMatchObject({
      waitMs: 10_000,
      policies: [
        { kind: 'errors' },
        { kind: 'latency', atLeastMs: 500 },
        {
          kind: 'and',
          of: [
            { kind: 'attribute', pattern: '(?:^k)' },
            { kind: 'rate', spansPerSecond: 10 },
          ],
        },
      ],
    });
    expect(mimir).toMatchObject({
      name: 'otlphttp-mimir-metrics',
      endpoints: { metrics: 'http://mimir:8080/otlp/v1/metrics' },
      headers: { 'x-scope-orgid': 'team' },
      retry: { firstMs: 1_000, longestMs: 30_000 },
    });
  });
});

/** A whole file around one changed line or section. */
function problemsOf(change: (text: string) => string): readonly string[] {
  try {
    parseConfig(change(typical), 'c.yaml');
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems.map(problemLine) : [String(error)];
  }
}

function withRemoteWrite(text: string, setting: string): string {
  return text
    .replace(
      '  debug: {verbosity: detailed}',
      `  debug: {}\n  prometheusremotewrite: {endpoint: "http://m/api/v1/push", ${setting}}`,
    )
    .replace('exporters: [otlphttp/mimir]', 'exporters: [prometheusremotewrite]');
}

test('an exporter of remote write becomes a destination of remote write', () => {
  const own = 'external_labels: {cluster: a}, protobuf_message: io.prometheus.write.v2.Request, timeout: 7s';
  const { forward } = parseConfig(withRemoteWrite(typical, own), 'c.yaml');
  expect(forward?.destinations[1]).toMatchObject({
    name: 'prometheusremotewrite-metrics',
    protocol: 'remote_write',
    endpoints: { metrics: 'http://m/api/v1/push' },
    remoteWrite: { version: 2, externalLabels: { cluster: 'a' }, targetInfo: true },
    timeoutMs: 7_000,
  });
});

describe('what has no counterpart is named with its place, and nothing starts', () => {
  test.each([
    ['receivers:\n', 'receivers:\n  kafka: {brokers: [a]}\n', []],
    [
      'receivers: [otlp, prometheus]',
      'receivers: [otlp, hostmetrics]',
      ['c.yaml:51:5: the pipeline metrics names hostmetrics, which is not among the receivers'],
    ],
    ['  debug: {verbosity: detailed}', '  debug: {}\n  kafka: {brokers: [a]}', []],
    [
      'exporters: [otlphttp/mimir]',
      'exporters: [otlphttp/mimir, otlp/none]',
      [/c.yaml:51:5: the pipeline metrics names otlp\/none/],
    ],
    [
      'service:\n',
      'extensions: {health_check: {}}\nservice:\n',
      ['c.yaml:45:1: the section extensions has no counterpart in Maru'],
    ],
    [
      'service:\n',
      'service:\n  telemetry: {logs: {level: debug}}\n',
      [/^c.yaml:46:3: there is no setting service.telemetry/],
    ],
    [
      '{key: user.id, action: hash}',
      '{key: user.id, action: extract, pattern: x}',
      [
        /^c.yaml:\d+:\d+: .*actions\[2\].action must be insert, update, upsert, delete or hash, but is "extract"/,
        /no setting processors.attributes\/clean.actions\[2\].pattern/,
      ],
    ],
    [
      'type: latency, latency: {threshold_ms: 500}',
      'type: ottl_condition',
      [/the policy type ottl_condition has no counterpart in Maru/],
    ],
    [
      '\'attributes["http.route"] == "/healthz"\'',
      "'IsString(name)'",
      [
        /^c.yaml:24:21: processors.filter\/health.traces.span\[0\], at its character 1: the function IsString is not supported/,
      ],
    ],
    [
      'tls: {insecure: true}',
      'tls: {insecure: true, insecure_skip_verify: true}',
      [/there is no setting exporters.otlp\/tempo.tls.insecure_skip_verify/],
    ],
    [
      'max_elapsed_time: 0s',
      'enabled: false',
      [/exporters.otlphttp\/mimir.retry_on_failure.enabled: false has no counterpart/],
    ],
    [
      '    logs: {receivers',
      '    profiles: {receivers',
      [/the pipeline profiles is of no signal that Maru knows/],
    ],
    [
      '    logs: {receivers: [otlp]',
      '    metrics/2: {receivers: [otlp]',
      [/the pipelines of metrics have different receivers/],
    ],
  ] as const)('%j → %j', (from, to, expected) => {
    const problems = problemsOf((text) => {
      expect(text).toContain(from);
      return text.replace(from, to);
    });
    expect(problems).toHaveLength(expected.length);
    for (const [index, sentence] of expected.entries()) {
      if (typeof sentence === 'string') expect(problems[index]).toBe(sentence);
      else expect(problems[index]).toMatch(sentence);
    }
  });

  test.each([
    ['add_metric_suffixes: false', /add_metric_suffixes: false has no counterpart in Maru: names are those/],
    [
      'resource_to_telemetry_conversion: {enabled: true}',
      /conversion.enabled: true has no counterpart in Maru: otlp.promote_resource_attributes/,
    ],
    ['namespace: shop', /there is no setting exporters.prometheusremotewrite.namespace/],
  ])('of remote write: %s', (setting, expected) => {
    const problems = problemsOf((text) => withRemoteWrite(text, setting));
    expect(problems).toEqual([expect.stringMatching(expected)]);
  });

  test('remote write has no logs', () => {
    const problems = problemsOf((text) =>
      withRemoteWrite(text, '').replace('exporters: [debug]}', 'exporters: [prometheusremotewrite]}'),
    );
    expect(problems).toEqual([
      expect.stringMatching(/the exporter prometheusremotewrite of the pipeline logs sends no logs/),
    ]);
  });

  test('an exporter in use that Maru does not have', () => {
    const problems = problemsOf((text) =>
      text
        .replace('  debug: {verbosity: detailed}', '  kafka: {brokers: [a]}')
        .replace('[otlp/tempo, debug]', '[otlp/tempo]')
        .replace('exporters: [debug]}', 'exporters: [kafka]}'),
    );
    expect(problems).toEqual([
      'c.yaml:44:3: the exporter kafka has no counterpart in Maru; there are otlp, otlp_grpc, otlphttp, otlp_http, prometheusremotewrite, debug',
    ]);
  });

  test('a Zipkin receiver on a port of its own', () => {
    const problems = problemsOf((text) =>
      text
        .replace('processors:\n', '  zipkin: {endpoint: "0.0.0.0:9411"}\nprocessors:\n')
        .replace('      receivers: [otlp]\n', '      receivers: [otlp, zipkin]\n'),
    );
    expect(problems).toEqual([
      'c.yaml:13:3: Zipkin comes in on the port of OTLP/HTTP here (4318, /api/v2/spans): send there and leave the endpoint 0.0.0.0:9411 out',
    ]);
  });
});
