import { describe, expect, test } from 'vitest';
import { parsePrometheusFile } from './prometheus-file.ts';

const read = (text: string): ReturnType<typeof parsePrometheusFile> =>
  parsePrometheusFile(text, '/etc/prometheus/prometheus.yml');

describe('a configuration of Prometheus', () => {
  test('has its defaults, and files relative to it', () => {
    const { jobs, ignored } = read(`
global: {scrape_interval: 15s}
alerting: {}
scrape_configs:
  - job_name: a
    static_configs: [{targets: ["h:1"]}]
    authorization: {credentials_file: token}
  - job_name: b
    scrape_interval: 5s
    basic_auth: {username: u, password: p}
    tls_config: {ca_file: /ca.pem, insecure_skip_verify: true}
    file_sd_configs: [{files: ["targets/*.json"]}]
    params: {module: [x, y]}
    body_size_limit: 2MB
`);
    expect(ignored).toEqual(['alerting']);
    expect(jobs).toMatchObject([
      {
        name: 'a',
        intervalMs: 15_000,
        timeoutMs: 10_000,
        path: '/metrics',
        scheme: 'http',
        access: {
          authorization: { kind: 'header', type: 'Bearer', credentials: { path: '/etc/prometheus/token' } },
        },
        discoveries: [{ kind: 'static', groups: [{ targets: ['h:1'], labels: [] }] }],
        limits: { bodyBytes: 32 * 1024 * 1024 },
      },
      {
        name: 'b',
        intervalMs: 5_000,
        timeoutMs: 5_000,
        parameters: [['module', ['x', 'y']]],
        access: { authorization: { kind: 'basic' }, tls: { ca: { path: '/ca.pem' }, insecure: true } },
        discoveries: [{ kind: 'file', patterns: ['/etc/prometheus/targets/*.json'], refreshMs: 300_000 }],
        limits: { bodyBytes: 2 * 1024 * 1024 },
      },
    ]);
    expect(JSON.parse(JSON.stringify(jobs))).toEqual(jobs);
  });

  test.each([
    [
      'scrape_configs: [{job_name: a, metric_path: /x}]',
      ':1:32: there is no setting scrape_configs[0].metric_path; did you mean metrics_path?',
    ],
    ['scrape_configs: [{metrics_path: /x}]', 'scrape_configs[0].job_name is missing'],
    ['scrape_configs:\n  - job_name: a\n  - job_name: a', 'has two jobs named "a"'],
    [
      'scrape_configs: [{job_name: a, scrape_interval: 1s, scrape_timeout: 2s}]',
      'longer than its scrape_interval',
    ],
    ['scrape_configs: [{job_name: a, scrape_interval: soon}]', 'must be a duration such as 15s'],
    [
      'scrape_configs: [{job_name: a, consul_sd_configs: []}]',
      'there is no setting scrape_configs[0].consul_sd_configs',
    ],
    ['scrape_configs: [{job_name: a, file_sd_configs: [{files: [x.txt]}]}]', 'must end in .json'],
    ['scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: ingress}]}]', 'must be node or pod'],
    ['scrape_configs: [{job_name: a, authorization: {type: Bearer}}]', 'needs credentials'],
    ['global: {}', 'a map with scrape_configs in it'],
    ['[', 'not valid YAML'],
  ])('%s is refused with its place', (text, why) => {
    expect(() => read(text)).toThrow(why);
  });
});
