import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultNaming } from '@maru/otlp/prometheus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  logStatement,
  missingSeriesStatement,
  pointStatement,
  spanStatement,
} from '../../load/statements.ts';
import { sql } from '../../sql.ts';
import { EmbeddedEngine } from '../embedded/engine.ts';
import type { EngineSession } from '../engine.ts';
import { remoteFunctions } from './functions.ts';
import { messageSchema } from './message-schema.ts';
import { migrationSteps, stepsTable } from './migrate.ts';
import { databaseStatement, remoteDialect } from './tables.ts';

let directory: string;
let engine: EmbeddedEngine;
let session: EngineSession;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maru-ddl-'));
  engine = new EmbeddedEngine({ directory: join(directory, 'engine'), memoryBytes: 512 * 1024 * 1024 });
  session = engine.open();
});
afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

/** The statement as the engine's own parser understands it. Rejects when that does not. */
async function formatted(statement: string): Promise<string> {
  const bytes = await session.run(sql`SELECT formatQuery(${statement}) AS text`.text, 'JSONEachRow');
  return (JSON.parse(new TextDecoder().decode(bytes)) as { text: string }).text;
}

function clusterStatements(): readonly string[] {
  const dialect = remoteDialect('main');
  return [
    databaseStatement('maru', 'main').text,
    stepsTable('main').text,
    ...migrationSteps('main').flatMap(({ statements }) => statements),
    sql`ALTER TABLE ${dialect.altered('spans_local')} DROP PARTITION 20261128`.text,
    sql`DELETE FROM ${dialect.stored('number_points')} WHERE series_id IN (1, 2)`.text,
    sql`KILL QUERY ON CLUSTER ${'main'} WHERE query_id = ${'x'} ASYNC`.text,
    sql`SELECT DISTINCT table, partition FROM ${dialect.system('parts')}`.text,
  ];
}

describe('what a cluster is asked', () => {
  const golden = fileURLToPath(new URL('../../../testdata/cluster.sql', import.meta.url));

  test('is what testdata/cluster.sql shows, as the engine reads it (MARU_UPDATE=1 writes it)', async () => {
    const texts: string[] = [];
    for (const statement of clusterStatements()) texts.push(`${await formatted(statement)};\n`);
    const text = texts.join('\n');
    if (process.env.MARU_UPDATE === '1') writeFileSync(golden, text);
    expect(existsSync(golden) ? readFileSync(golden, 'utf8') : '').toBe(text);
  });

  test('leaves no table on one node alone', () => {
    for (const statement of clusterStatements())
      if (!statement.startsWith('SELECT')) expect(statement).toContain('ON CLUSTER');
  });

  test('spreads each table by columns that it has', async () => {
    for (const { text } of migrationSteps(undefined)) await session.run(text, 'Null');
    const spread = clusterStatements().flatMap((statement) => {
      const found = /EXISTS `(\w+)`.*AS `.*Distributed\(.*, cityHash64\((.*)\)\)/s.exec(statement);
      return found === null ? [] : [found.slice(1)];
    });
    expect(spread.map(([table]) => table)).toContain('spans');
    for (const [table = '', key = ''] of spread)
      await session.run(`SELECT cityHash64(${key}) FROM ${table} LIMIT 1`, 'Native');
  });
});

describe("the schema's functions on a server", () => {
  const { rename, statements } = remoteFunctions(defaultNaming);

  test('have names of their own, which calls are given and values are not', () => {
    const renamed = rename(
      "SELECT valueText(v), 'valueText(v) \\' valueText(v)', `valueText`, /* valueText(x) */ upper(valueText (v))",
    );
    expect(renamed.replaceAll(/maru_[0-9a-f]{12}_/g, 'M_')).toBe(
      "SELECT M_valueText(v), 'valueText(v) \\' valueText(v)', `valueText`, /* valueText(x) */ upper(M_valueText (v))",
    );
  });

  test('are others when the naming of series is another', () => {
    const other = remoteFunctions({ ...defaultNaming, strategy: 'NoTranslation' });
    expect(new Set([...statements, ...other.statements]).size).toBe(statements.length * 2);
  });

  test('are all understood, and call none that is not theirs', async () => {
    const own = new Set(statements.flatMap((text) => /EXISTS (\w+) AS/.exec(text)?.[1] ?? []));
    expect(own.size).toBe(statements.length);
    for (const statement of statements) {
      await session.run(statement, 'Null');
      await session.run(statement, 'Null');
    }
  });
});

test.each([
  ['ExportTraceServiceRequest', 'Span', 'LogRecord'],
  ['ExportLogsServiceRequest', 'LogRecord', 'Span'],
  ['ExportMetricsServiceRequest', 'NumberDataPoint', 'Span'],
])('the schema of %s holds what it is made of, and nothing else', (message, has, hasNot) => {
  const schema = messageSchema(message);
  expect(schema).toContain(`message ${has} {`);
  expect(schema).not.toContain(`message ${hasNot} {`);
  expect(encodeURIComponent(schema).length, 'an address may have 8 kB with most proxies').toBeLessThan(6_000);
});

test.each([spanStatement, logStatement, pointStatement('number'), missingSeriesStatement('number')])(
  'a load of $name reads its data once, and the engine understands it',
  async ({ text, structure }) => {
    const messages = sql`input(${structure})`.text;
    expect(text.split('{messages}')).toHaveLength(2);
    const statement = `${text.replace('{messages}', () => messages)} FORMAT Protobuf`;
    expect(await formatted(statement)).toMatch(/^INSERT INTO [\s\S]*FORMAT Protobuf$/);
  },
);
