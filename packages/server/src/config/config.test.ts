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

  it('has a reference that is up to date (MARU_UPDATE=1 writes it)', () => {
    if (process.env.MARU_UPDATE === '1') writeFileSync(referenceFile, configReference());
    expect(plain(readFileSync(referenceFile, 'utf8'))).toBe(plain(configReference()));
  });
});

/** A table's text without the spaces and dashes that only make its columns even. */
function plain(markdown: string): string {
  return markdown.replaceAll(/ +\|/g, ' |').replaceAll(/-{3,}/g, '---').trimEnd();
}
