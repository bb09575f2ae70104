import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeBackCutOffInserts } from './cut-off-inserts.ts';
import { InsertsFixture } from './inserts.fixture.ts';

let engine: InsertsFixture;
beforeEach(async () => {
  engine = new InsertsFixture('kept');
  await engine.create();
});
afterEach(() => engine.remove());

/** What a kill between the token and the part's name leaves. */
function cutOff(part: string): void {
  renameSync(join(engine.table(), part), join(engine.table(), `tmp_insert_${part}`));
}

test('an insert that was cut off after its token was written can be repeated', async () => {
  await engine.insert('first');
  await engine.insert('second');
  engine.end();
  cutOff('20261129_2_2_0');
  expect(takeBackCutOffInserts(engine.directory)).toEqual([join(engine.table(), '20261129_2_2_0')]);
  await engine.insert('second');
  expect(await engine.count()).toBe(20);
  await engine.insert('second');
  await engine.insert('first');
  expect(await engine.count()).toBe(20);
});

test('the engine itself would take the repeated insert for done', async () => {
  await engine.insert('first');
  engine.end();
  cutOff('20261129_1_1_0');
  await engine.insert('first');
  expect(await engine.count()).toBe(0);
});

test('tokens of parts that are there, that were merged, and that were moved away stay', async () => {
  await engine.run('CREATE TABLE kept.others AS kept.spans');
  await engine.insert('first');
  await engine.insert('second');
  await engine.run('OPTIMIZE TABLE kept.spans FINAL');
  engine.end();
  expect(takeBackCutOffInserts(engine.directory)).toEqual([]);
  await engine.insert('third');
  await engine.run("ALTER TABLE kept.spans MOVE PARTITION ID '20261129' TO TABLE kept.others");
  engine.end();
  expect(takeBackCutOffInserts(engine.directory)).toEqual([]);
  await engine.insert('third');
  expect(await engine.count()).toBe(0);
});

test('an insert is taken back also when its token filled the log', async () => {
  const logs = (): number => readdirSync(join(engine.table(), 'deduplication_logs')).length;
  let inserts = 0;
  do {
    inserts += 1;
    await engine.insert(`token ${inserts}`);
  } while (logs() === 1 && inserts < 20);
  expect(logs()).toBeGreaterThan(1);
  engine.end();
  const part = `20261129_${inserts}_${inserts}_0`;
  cutOff(part);
  expect(takeBackCutOffInserts(engine.directory)).toEqual([join(engine.table(), part)]);
});

test('a directory without tables has nothing to take back', () => {
  expect(takeBackCutOffInserts(join(engine.directory, 'nothing'))).toEqual([]);
});
