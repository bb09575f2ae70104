import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InsertsFixture } from './inserts.fixture.ts';
import { dropPartsWithoutToken, syncTokens } from './synced-tokens.ts';

let engine: InsertsFixture;
beforeEach(async () => {
  engine = new InsertsFixture('tenant_a-b.c');
  await engine.create();
});
afterEach(() => engine.remove());

/** What a power cut leaves that comes after the part was synced and before its token was. */
function loseLastToken(): void {
  const log = join(engine.table(), 'deduplication_logs', 'deduplication_log_1.txt');
  writeFileSync(log, readFileSync(log, 'utf8').replace(/.*\n$/, ''));
}

const droppedNames = (): readonly string[] =>
  dropPartsWithoutToken(engine.directory).map((path) => path.replace(/.*\//, ''));

test('a part whose token was lost is dropped, and comes again once', async () => {
  expect(droppedNames()).toEqual([]);
  await engine.insert('first');
  await engine.insert('second');
  engine.end();
  loseLastToken();
  expect(droppedNames()).toEqual(['20261129_2_2_0']);
  await engine.insert('first');
  await engine.insert('second');
  expect(await engine.count()).toBe(20);
});

test('the engine itself would have its rows twice', async () => {
  await engine.insert('first');
  engine.end();
  loseLastToken();
  await engine.insert('first');
  expect(await engine.count()).toBe(20);
});

test('parts with their tokens, and those that were merged, stay', async () => {
  droppedNames();
  await engine.insert('first');
  await engine.insert('second');
  engine.end();
  expect(droppedNames()).toEqual([]);
  await engine.run('OPTIMIZE TABLE `tenant_a-b.c`.spans FINAL');
  await engine.insert('third');
  engine.end();
  expect(droppedNames()).toEqual([]);
  expect(await engine.count()).toBe(30);
});

test('a directory of a version that did not sync tokens loses nothing', async () => {
  await engine.insert('first');
  engine.end();
  loseLastToken();
  expect(droppedNames()).toEqual([]);
  expect(await engine.count()).toBe(10);
});

test('the log is found under the name that the engine gives to a database', async () => {
  await engine.insert('first');
  await expect(syncTokens(engine.directory, 'tenant_a-b.c', 'spans')).resolves.toBeUndefined();
  await expect(syncTokens(engine.directory, 'tenant_a', 'spans')).rejects.toThrow(
    'the engine keeps no log of the inserts into tenant_a.spans',
  );
});
