import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maru } from '../test/maru.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'maru-config-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(dir, 'maru.yaml');
  writeFileSync(path, text);
  return path;
}

describe('./maru config check', () => {
  it('says what would run', async () => {
    const { code, stdout } = await maru('config', 'check', file('ports: {otlp_http: 14318}\n'));
    expect(code).toBe(0);
    expect(stdout).toContain('OTLP/HTTP      127.0.0.1:14318');
  });

  it('names every problem with its place, and exits with 1', async () => {
    const path = file('ports: {otlp_http: x}\nretention: long\n');
    const { code, stdout, stderr } = await maru('config', 'check', path);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      `${path}:1:20: ports.otlp_http must be a port, 0 to 65535, but is "x"`,
      `${path}:2:12: retention must be a duration such as 5s, but is "long"`,
    ]);
  });

  it('says when a file cannot be read', async () => {
    const { code, stderr } = await maru('config', 'check', join(dir, 'none.yaml'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^maru: cannot read the configuration .*none\.yaml: ENOENT/);
  });
});

describe('./maru serve', () => {
  it('starts nothing with a file that has a mistake, be it named or in the data directory', async () => {
    const path = file('hots: 127.0.0.1\n');
    const sentence = `maru: ${path}:1:1: there is no setting hots; did you mean host?\n`;
    const started = await maru('serve', '--data', dir);
    expect({ code: started.code, stderr: started.stderr }).toEqual({ code: 1, stderr: sentence });
    const named = await maru('serve', '--data', join(dir, 'data'), '--config', path);
    expect({ code: named.code, stderr: named.stderr }).toEqual({ code: 1, stderr: sentence });
  });
});
