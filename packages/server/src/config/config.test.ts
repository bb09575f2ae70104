import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../settings.ts';
import { configReference, parseConfig } from './index.ts';

const referenceFile = fileURLToPath(new URL('../../../../docs/reference/configuration.md', import.meta.url));

describe('maru.yaml', () => {
  it('says nothing: the defaults hold', () => {
    expect(parseConfig('', '/etc/maru/maru.yaml')).toEqual(defaultSettings);
  });

  it('is translated to settings, with files relative to it', () => {
    const text = [
      'host: 0.0.0.0',
      'ports: {console: 3100}',
      'tls: {cert: tls.crt, key: /run/tls.key}',
      'retention: 30d',
      'max_backlog: 10GiB',
    ].join('\n');
    expect(parseConfig(text, '/etc/maru/maru.yaml')).toMatchObject({
      host: '0.0.0.0',
      httpPort: 3100,
      otlpHttpPort: 4318,
      tls: { certPath: '/etc/maru/tls.crt', keyPath: '/run/tls.key' },
      retentionDays: 30,
      maxBacklogBytes: 10 * 1024 ** 3,
    });
  });

  it('is refused whole when one value is wrong', () => {
    expect(() => parseConfig('host: a\nports: {console: 70000}', 'maru.yaml')).toThrow(
      'maru.yaml:2:18: ports.console must be a port, 0 to 65535, but is 70000',
    );
  });

  it.each([
    [
      'scrape_configs: [{job_name: a, tenant: shop}]',
      '1:40: scrape_configs[0].tenant names the tenant "shop", but there are none: tenants is not set',
    ],
    [
      'tenant_rules: {shop: [a.yml]}',
      '1:16: tenant_rules names the tenant "shop", but there are none: tenants is not set',
    ],
    [
      'tenants: {by: key}\ntenant_rules: {a/b: [a.yml]}',
      '2:16: tenant_rules "a/b" is no name of a tenant: it takes letters, digits, - and _, at most 64',
    ],
    [
      'forward: {to: {p: {endpoint: "http://p", protocol: remote_write, signals: [metrics, logs]}}}',
      '1:10: forward.to.p.signals: remote write has metrics only',
    ],
    [
      'forward: {to: {p: {endpoint: "http://p", protocol: remote_write, compression: gzip}}}',
      '1:10: forward.to.p.compression: remote write always has Snappy',
    ],
    [
      'forward: {to: {p: {endpoint: "http://p", remote_write: {version: 2}}}}',
      '1:10: forward.to.p.remote_write is of no use without protocol: remote_write',
    ],
  ])('is refused for what contradicts itself: %s', (text, problem) => {
    expect(() => parseConfig(text, 'maru.yaml')).toThrow(`maru.yaml:${problem}`);
  });

  it('gives jobs and rules to tenants', () => {
    const text =
      'tenants: {by: key}\ntenant_rules: {shop: [a.yml]}\nscrape_configs: [{job_name: a, tenant: shop}]';
    const { rules, scrapeJobs } = parseConfig(text, '/etc/maru/maru.yaml');
    expect(rules.tenantFiles).toEqual({ shop: ['/etc/maru/a.yml'] });
    expect(scrapeJobs).toMatchObject([{ name: 'a', tenant: 'shop' }]);
  });

  it('names keys and the files that their secrets lie in', () => {
    const text = [
      'keys:',
      '  board: {secret_file: keys/board, signals: [traces], rate: 500}',
      '  people: {secret_file: /keys/people, read: true}',
    ].join('\n');
    expect(parseConfig(text, '/etc/maru/maru.yaml').keys).toEqual([
      {
        name: 'board',
        secretPath: '/etc/maru/keys/board',
        signals: ['traces'],
        rate: { itemsPerSecond: 500 },
      },
      { name: 'people', secretPath: '/keys/people', reads: true },
    ]);
  });

  it('has a reference that is up to date (MARU_UPDATE=1 writes it)', () => {
    if (process.env.MARU_UPDATE === '1') writeFileSync(referenceFile, configReference());
    expect(plain(readFileSync(referenceFile, 'utf8'))).toBe(plain(configReference()));
  });
});

/** A table's text without the spaces and dashes that only make its columns even. */
function plain(markdown: string): string {
  return markdown.replaceAll(/ +\|/g, ' |').replaceAll(/-{3,}/g, '---').trimEnd();
}
