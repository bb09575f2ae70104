import { spawn, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { RuleSettings } from '@maru/server/settings';
import { metricsRequest, RunningStack } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prometheusSeries } from '../support/query.ts';

// Prometheus's own tool against the stack: the one that `PROMTOOL` names, or the one on the PATH. Debian's version 2.42 cannot
// push metrics yet; one that can is asked to.
const program = process.env.PROMTOOL ?? 'promtool';
const version = /version (\S+)/.exec(
  spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout ?? '',
)?.[1];
const pushing = spawnSync(program, ['push', 'metrics', '--help'], { encoding: 'utf8' });
const canPush = pushing.status === 0;
/** Before it had a flag for it, the address held the whole path; now it is put behind the address. */
const addsPath = `${pushing.stdout}${pushing.stderr}`.includes('--remote-write.path');
const title = version === undefined ? 'not on the PATH: skipped' : version;
const rules = fileURLToPath(new URL('../../packages/rules/testdata/rules.yml', import.meta.url));

interface Outcome {
  readonly status: number | null;
  readonly output: string;
}

/** Not `spawnSync`: it would hold up this process for nothing. */
async function promtool(words: readonly string[], input = ''): Promise<Outcome> {
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const status = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await status, output: out + errors };
}

describe.skipIf(version === undefined)(`promtool (${title})`, () => {
  let stack: RunningStack;
  let name: string;
  beforeAll(async () => {
    stack = await RunningStack.start({ settings: { rules: ruleSettings } });
    const response = await fetch(`${stack.otlpHttpUrl}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: Uint8Array.from(metricsRequest(1, 3)),
    });
    expect(response.status).toBe(200);
    const found = await prometheusSeries(stack.queryUrl, '{maru_test_item!=""}');
    expect(found).toHaveLength(3);
    name = found[0]?.metric.__name__ ?? '';
  });
  afterAll(() => stack?.stop());

  const ruleSettings: RuleSettings = {
    files: [rules],
    tenantFiles: {},
    intervalMs: 60_000,
    externalUrl: '',
    externalLabels: {},
    destinations: [],
  };

  test('queries at one moment', async () => {
    const { status, output } = await promtool(['query', 'instant', stack.queryUrl, `count(${name})`]);
    expect(output).toMatch(/^\{\} => 3 @\[/);
    expect(status).toBe(0);
  });

  test('queries over a range', async () => {
    const now = Math.floor(Date.now() / 1000);
    const words = [
      'query',
      'range',
      `--start=${now - 60}`,
      `--end=${now}`,
      '--step=15s',
      stack.queryUrl,
      '1 + 1',
    ];
    const { status, output } = await promtool(words);
    expect(output.match(/2 @\[/g)).toHaveLength(5);
    expect(status).toBe(0);
  });

  test('lists series', async () => {
    const start = `--start=${Math.floor(Date.now() / 1000) - 600}`;
    const { status, output } = await promtool(['query', 'series', `--match=${name}`, start, stack.queryUrl]);
    expect(output.trim().split('\n')).toHaveLength(3);
    expect(status).toBe(0);
  });

  test('lists label values', async () => {
    const { status, output } = await promtool(['query', 'labels', stack.queryUrl, 'maru_test_item']);
    expect(output.trim().split('\n')).toEqual(['0', '1', '2']);
    expect(status).toBe(0);
  });

  test('shows the errors of queries', async () => {
    const { status, output } = await promtool(['query', 'instant', stack.queryUrl, 'sum(']);
    expect(output).toContain('parse error');
    expect(status).toBe(1);
  });

  test('takes the rules that the stack runs', async () => {
    const { status, output } = await promtool(['check', 'rules', rules]);
    expect(output).toContain('SUCCESS: 4 rules found');
    expect(status).toBe(0);
    const { data } = (await (await fetch(`${stack.queryUrl}/api/v1/rules`)).json()) as {
      data: { groups: readonly { rules: readonly object[] }[] };
    };
    expect(data.groups.flatMap((group) => group.rules)).toHaveLength(4);
  });

  test("reads the stack's own metrics", async () => {
    const metrics = await (await fetch(`${stack.queryUrl}/metrics`)).text();
    const { output } = await promtool(['check', 'metrics'], metrics);
    expect(output).not.toContain('error while linting');
  });

  test.skipIf(!canPush)('pushes metrics', async () => {
    const address = addsPath ? stack.otlpHttpUrl : `${stack.otlpHttpUrl}/api/v1/write`;
    const { status, output } = await promtool(
      ['push', 'metrics', address],
      '# TYPE pushed gauge\npushed{by="promtool"} 7\n',
    );
    expect(output).toContain('SUCCESS');
    expect(status).toBe(0);
    const [pushed] = await prometheusSeries(stack.queryUrl, 'pushed{by="promtool"}');
    expect(pushed?.value[1]).toBe('7');
  });
});
