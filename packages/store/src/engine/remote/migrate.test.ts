import { RunningClickHouse } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untilUsable } from '../../../test/store-forms.ts';
import { sql } from '../../sql.ts';
import { openStore, type Store } from '../../store.ts';
import { migrationSteps } from './migrate.ts';

let server: RunningClickHouse;

beforeAll(async () => {
  server = await RunningClickHouse.start();
}, 60_000);
afterAll(() => server.close());

/** A store and what it reported. */
function open(database: string, of: RunningClickHouse = server): { store: Store; reported: string[] } {
  const reported: string[] = [];
  const options = { url: of.url(database), memoryBytes: 512 * 1024 * 1024, source: database };
  return { store: openStore({ ...options, report: (sentence) => reported.push(sentence) }), reported };
}

async function tablesOf(store: Store): Promise<readonly string[]> {
  const rows = await store.reader.rows<{ name: string }>(sql`
    SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name`);
  return rows.map(({ name }) => name);
}

describe('a database on a server', () => {
  test('is made by several Marus at once', async () => {
    const opened = Array.from({ length: 6 }, () => open('together'));
    await Promise.all(opened.map(({ store }) => untilUsable(store)));
    const [first] = opened;
    const done = await first?.store.reader.rows(sql`SELECT uniqExact(step) AS steps FROM maru_schema`);
    expect(done).toEqual([{ steps: String(migrationSteps(undefined).length) }]);
    expect(await tablesOf(opened[5]?.store ?? never())).toContain('spans');
    await Promise.all(opened.map(({ store }) => store.close()));
  }, 120_000);

  test('that was half made is made whole, and what is done is not done again', async () => {
    await server.kill();
    await server.start([{ pattern: 'INSERT INTO maru_schema.*logs', error: 'Code: 241. DB::Exception: x' }]);
    const cut = open('half');
    await expect
      .poll(() => cut.store.health(), { timeout: 30_000 })
      .toMatchObject({
        reason: expect.stringContaining('cannot be used'),
      });
    await cut.store.close();
    await server.kill();
    await server.start([]);
    const whole = open('half');
    await untilUsable(whole.store);
    const steps = await whole.store.reader.rows<{ step: string; times: string }>(sql`
      SELECT step, count() AS times FROM maru_schema GROUP BY step`);
    expect(steps).toHaveLength(migrationSteps(undefined).length);
    expect(new Set(steps.map(({ times }) => times))).toEqual(new Set(['1']));
    await whole.store.close();
  }, 120_000);

  test('is not begun on a version that is too old, which is told with what to do', async () => {
    const old = await RunningClickHouse.start({
      denied: [{ pattern: 'CREATE', error: 'Code: 62. DB::Exception: this must not be asked' }],
      version: '24.8.4.13',
    });
    const { store, reported } = open('old', old);
    const sentence =
      `the store at clickhouse://127.0.0.1:${old.port}/old cannot be used: ` +
      'it is ClickHouse 24.8.4.13, and Maru needs 26.7 or newer: upgrade it';
    await expect.poll(() => store.health(), { timeout: 30_000 }).toEqual({ ready: false, reason: sentence });
    expect(reported[0]).toContain(sentence);
    await expect(store.reader.rows(sql`SELECT 1`)).rejects.toMatchObject({
      kind: 'unavailable',
      message: sentence,
    });
    await store.close();
    await old.close();
  }, 60_000);

  test.each([
    [
      'CREATE FUNCTION',
      "Code: 497. DB::Exception: maru: Not enough privileges. To execute this query, it's necessary to have the grant CREATE FUNCTION ON *.*. (ACCESS_DENIED)",
      /cannot be used: .*grant CREATE FUNCTION/,
    ],
  ])(
    'whose user may not %s says which grant is missing',
    async (pattern, error, told) => {
      const strict = await RunningClickHouse.start({ denied: [{ pattern, error }] });
      const { store } = open('strict', strict);
      await expect
        .poll(() => store.health(), { timeout: 30_000 })
        .toMatchObject({ reason: expect.stringMatching(told) });
      await strict.kill();
      await strict.start([]);
      await untilUsable(store);
      await store.close();
      await strict.close();
    },
    60_000,
  );

  test('whose user is another says so, and never the password', async () => {
    const options = { memoryBytes: 512 * 1024 * 1024, source: 'x' };
    const reported: string[] = [];
    const url = `clickhouse://nobody:wrong-word@127.0.0.1:${server.port}/maru`;
    const store = openStore({ ...options, url, report: (sentence) => reported.push(sentence) });
    await expect
      .poll(() => store.health(), { timeout: 30_000 })
      .toMatchObject({ reason: expect.stringMatching(/nobody: Authentication failed/) });
    expect(JSON.stringify([reported, store.health()])).not.toContain('wrong-word');
    await store.close();
  }, 60_000);
});

function never(): never {
  throw new Error('there are six');
}
