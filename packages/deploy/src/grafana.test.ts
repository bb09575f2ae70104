import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { repository } from './repository.ts';

interface DataSource {
  readonly uid: string;
  readonly type: string;
  readonly url: string;
  readonly jsonData: unknown;
}

const text = readFileSync(`${repository}/deploy/grafana/provisioning/datasources/maru.yaml`, 'utf8');
const { datasources }: { datasources: readonly DataSource[] } = parse(text);

function linksOf({ jsonData }: DataSource): readonly string[] {
  const links = JSON.stringify(jsonData).matchAll(/"datasourceUid":"([^"]+)"/g);
  return [...links].map(([, uid = '']) => uid);
}

describe("Grafana's data sources", () => {
  it('are the three that Maru is, at one address', () => {
    expect(datasources.map(({ type }) => type)).toEqual(['prometheus', 'tempo', 'loki']);
    expect(new Set(datasources.map(({ url }) => url))).toEqual(new Set(['$MARU_URL']));
  });

  it('lead to each other, and nowhere else', () => {
    expect(datasources.map((source) => [source.uid, linksOf(source)])).toEqual([
      ['maru-metrics', ['maru-traces']],
      ['maru-traces', ['maru-logs', 'maru-metrics']],
      ['maru-logs', ['maru-traces']],
    ]);
  });

  it('escape what Grafana would take for its own environment', () => {
    const variables = [...text.replaceAll(/^\s*#.*$/gm, '').matchAll(/(?<!\$)\$(?!\$)\{?(\w+)/g)];
    expect(variables.map(([, name]) => name)).toEqual(
      Array.from({ length: 3 }, () => ['MARU_URL', 'MARU_KEY']).flat(),
    );
  });
});
