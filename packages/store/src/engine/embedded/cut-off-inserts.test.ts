import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeBackCutOffInserts } from './cut-off-inserts.ts';
import { openRawSession, type RawSession } from './raw-session.ts';

let directory: string;
let session: RawSession | undefined;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'maru-cut-off-'));
  await run('CREATE DATABASE IF NOT EXISTS kept ENGINE = Atomic');
  await run(`CREATE TABLE kept.rows (day Date, value UInt64) ENGINE = MergeTree PARTITION BY toYYYYMMDD(day) ORDER BY value
    SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1`);
});
afterEach(() => {
  session?.close();
  session = undefined;
  rmSync(directory, { recursive: true, force: true });
});

async function run(statement: string, format = 'Null'): Promise<string> {
  session ??= openRawSession(directory, []);
  return Buffer.from(await session.run(statement, format)).toString();
}

function end(): void {
  session?.close();
  session = undefined;
}

const insert = (token: string): Promise<string> =>
  run(
    `INSERT INTO kept.rows SETTINGS insert_deduplication_token = '${token}' SELECT '2026-11-29', number FROM numbers(10)`,
  );

const count = async (): Promise<number> => Number(await run('SELECT count() FROM kept.rows', 'TSV'));

/** The directory of the only table. */
function table(): string {
  const store = join(directory, 'store');
  const all = readdirSync(store).flatMap((prefix) =>
    readdirSync(join(store, prefix)).map((id) => join(store, prefix, id)),
  );
  const found = all.find((path) => readdirSync(path).includes('deduplication_logs'));
  if (found === undefined) throw new Error('the engine has no table with a log of tokens');
  return found;
}

/** What a kill between the token and the part's name leaves. */
function cutOff(part: string): void {
  renameSync(join(table(), part), join(table(), `tmp_insert_${part}`));
}

test('an insert that was cut off after its token was written can be repeated', async () => {
  await insert('first');
  await insert('second');
  end();
  cutOff('20261129_2_2_0');
  expect(takeBackCutOffInserts(directory)).toEqual([join(table(), '20261129_2_2_0')]);
  await insert('second');
  expect(await count()).toBe(20);
  await insert('second');
  await insert('first');
  expect(await count()).toBe(20);
});

test('the engine itself would take the repeated insert for done', async () => {
  await insert('first');
  end();
  cutOff('20261129_1_1_0');
  await insert('first');
  expect(await count()).toBe(0);
});

test('tokens of parts that are there, that were merged, and that were moved away stay', async () => {
  await run('CREATE TABLE kept.others AS kept.rows');
  await insert('first');
  await insert('second');
  await run('OPTIMIZE TABLE kept.rows FINAL');
  end();
  expect(takeBackCutOffInserts(directory)).toEqual([]);
  await insert('third');
  await run("ALTER TABLE kept.rows MOVE PARTITION ID '20261129' TO TABLE kept.others");
  end();
  expect(takeBackCutOffInserts(directory)).toEqual([]);
  await insert('third');
  expect(await count()).toBe(0);
});

test('a directory without tables has nothing to take back', () => {
  expect(takeBackCutOffInserts(join(directory, 'nothing'))).toEqual([]);
});
