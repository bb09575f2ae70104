import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts, type Running, startMaru, untilSaid } from '../../packages/cli/test/maru.ts';
import { getJson } from '../support/query.ts';

// Every query of every dashboard is run on a Maru that the Board has sent to, as Grafana would run it.
interface Target {
  readonly expr?: string;
  readonly query?: string;
  readonly datasource: { readonly type: string; readonly uid: string };
}

interface Panel {
  readonly title: string;
  readonly datasource: Target['datasource'];
  readonly targets: readonly Target[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly definition?: string;
  readonly current: { readonly value: string };
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
}

const folder = new URL('../../deploy/grafana/', import.meta.url).pathname;
const dashboards = globSync('dashboards/*.json', { cwd: folder }).map((path): [string, Dashboard] => [
  basename(path, '.json'),
  JSON.parse(readFileSync(join(folder, path), 'utf8')),
]);

/** What need not happen in the first minutes of a Board that works: these may be empty. */
const mayBeEmpty =
  /^(?:deleted|Failed requests|Slow (?:requests|queries|statements)|Warnings and errors|What it says)/;

const queries = dashboards.flatMap(([name, { panels, templating }]) =>
  panels.flatMap((panel) =>
    panel.targets.map((target) => ({
      of: `${name}: ${panel.title}`,
      text: interpolated(target.expr ?? target.query ?? '', templating.list),
      type: target.datasource.type,
      isSure: !mayBeEmpty.test(panel.title) && !/deleted|searches|posted/.test(target.expr ?? ''),
    })),
  ),
);

/** Grafana's own variables get what it would give with one point a minute; a short time for what counts as slow. */
function interpolated(text: string, variables: readonly Variable[]): string {
  const own = { __rate_interval: '4m', __range: '10m', __auto: '1m', slow: '1ms' };
  const values: Readonly<Record<string, string>> = {
    ...Object.fromEntries(variables.map(({ name, current }) => [name, current.value])),
    ...own,
  };
  return text.replaceAll(/\$\{?(\w+)\}?/g, (whole, name: string) => values[name] ?? whole);
}

let dir = '';
let running: Running;
let stack = '';

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'maru-dashboards-'));
  const names = ['console', 'otlp-http', 'otlp-grpc', 'board', 'api', 'mariadb'];
  const ports = await freePorts(names.length);
  const portFlags = names.flatMap((name, index) => [`--port-${name}`, `${ports[index]}`]);
  stack = `http://127.0.0.1:${ports[0]}`;
  running = startMaru(['up', '--data', join(dir, 'data'), ...portFlags]);
  await untilSaid(running, 'Running until Ctrl-C', 180_000);
});

afterAll(async () => {
  running.process.kill('SIGINT');
  await running.ended;
  rmSync(dir, { recursive: true, force: true });
});

type Results = readonly unknown[];

/** A range of ten minutes until now, in the terms of each API. */
const ask: Readonly<Record<string, (query: string) => Promise<Results>>> = {
  prometheus: async (query) => {
    const parameters = new URLSearchParams({ query, start: seconds(-600), end: seconds(0), step: '15' });
    return resultsOf(await getJson(`${stack}/api/v1/query_range?${parameters}`));
  },
  loki: async (query) => {
    const parameters = new URLSearchParams({ query, start: seconds(-600), end: seconds(0), step: '60' });
    return resultsOf(await getJson(`${stack}/loki/api/v1/query_range?${parameters}`));
  },
  tempo: async (q) => {
    const parameters = new URLSearchParams({ q, start: seconds(-600), end: seconds(0), limit: '20' });
    return (await getJson<{ traces: Results }>(`${stack}/api/search?${parameters}`)).traces;
  },
};

function seconds(fromNow: number): string {
  return String(Math.floor(Date.now() / 1000) + fromNow);
}

function resultsOf({ data }: { readonly data: { readonly result: Results } }): Results {
  return data.result;
}

describe('on a running Maru', () => {
  // The stack sends its own metrics twice a minute, and a rate takes two of them.
  it.each(queries)('$of: $text', { timeout: 240_000 }, async ({ text, type, isSure }) => {
    const end = performance.now() + 200_000;
    const answer = ask[type];
    if (answer === undefined) throw new Error(`no data source of type ${type}`);
    for (;;) {
      const found = await answer(text);
      if (found.length > 0 || !isSure) return;
      if (performance.now() > end) throw new Error('found nothing');
      await delay(500);
    }
  });

  it('a service can be chosen: the variable has the Board’s API among its values', async () => {
    const { data } = await getJson<{ data: readonly string[] }>(
      `${stack}/api/v1/label/job/values?match[]=http_server_request_duration_seconds_count`,
    );
    expect(data).toContain('board-api');
  });
});

describe.each(dashboards)('%s', (_, { panels, templating }) => {
  it('asks the data sources that can be chosen above it, and no others', () => {
    const sources = templating.list.filter(({ type }) => type === 'datasource');
    expect(sources.map(({ current }) => current.value)).toEqual(['maru-metrics', 'maru-traces', 'maru-logs']);
    const names = sources.map(({ name }) => `\${${name}}`);
    for (const { datasource, targets } of panels)
      for (const { uid } of [datasource, ...targets.map((target) => target.datasource)])
        expect(names).toContain(uid);
  });

  it('leaves no variable open', () => {
    for (const { targets } of panels)
      for (const { expr, query } of targets)
        expect(interpolated(expr ?? query ?? '', templating.list)).not.toContain('$');
  });

  it('has panels that do not lie on each other', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_unused, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });
});

it('each dashboard has an address of its own', () => {
  expect(new Set(dashboards.map(([, { uid }]) => uid)).size).toBe(3);
});
