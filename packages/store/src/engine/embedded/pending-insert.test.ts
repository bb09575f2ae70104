import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { InsertsFixture } from './inserts.fixture.ts';
import { PendingInsert } from './pending-insert.ts';

const database = 'tenant_a-b.c';

let engine: InsertsFixture;
let pending: PendingInsert;
beforeEach(async () => {
  engine = new InsertsFixture(database);
  await engine.create();
  pending = new PendingInsert(engine.directory);
});
afterEach(async () => {
  await pending.close();
  engine.remove();
});

const once = (token: string): Promise<void> =>
  pending.once(database, 'spans', async () => {
    await engine.insert(token);
  });

/** Inserts up to where the engine is done; what a process that ends there leaves. */
async function cutOffAfter(token: string): Promise<void> {
  const note = join(engine.directory, 'pending-insert');
  await pending.once(database, 'spans', async () => {
    await engine.insert(token);
    cpSync(note, `${note}.then`);
  });
  cpSync(`${note}.then`, note);
  engine.end();
}

/** What a power cut leaves that comes after the part was synced and before its token was. */
function loseLastToken(): void {
  const log = join(engine.table(), 'deduplication_logs', 'deduplication_log_1.txt');
  writeFileSync(log, readFileSync(log, 'utf8').replace(/.*\n$/, ''));
}

async function startAgain(): Promise<void> {
  engine.end();
  await pending.close();
  pending = new PendingInsert(engine.directory);
}

test('an insert that lost its token to a power cut comes again, once', async () => {
  await once('first');
  await cutOffAfter('second');
  loseLastToken();
  await startAgain();
  expect(await engine.count()).toBe(10);
  await once('second');
  await once('second');
  await once('first');
  expect(await engine.count()).toBe(20);
});

test('the engine itself would have its rows twice', async () => {
  await engine.insert('first');
  engine.end();
  loseLastToken();
  await engine.insert('first');
  expect(await engine.count()).toBe(20);
});

test('an insert that was cut off with its token stays', async () => {
  await cutOffAfter('first');
  await startAgain();
  await once('first');
  expect(await engine.count()).toBe(10);
});

test('what was inserted by others, without a token, stays', async () => {
  await once('first');
  await engine.run(`INSERT INTO \`${database}\`.spans SELECT '2026-11-29', number FROM numbers(10)`);
  await startAgain();
  expect(await engine.count()).toBe(20);
  await engine.run(`INSERT INTO \`${database}\`.spans SELECT '2026-11-29', number FROM numbers(10)`);
  await cutOffAfter('second');
  await startAgain();
  expect(await engine.count()).toBe(40);
});

test('an insert that fails leaves the way free for the next', async () => {
  await expect(pending.once(database, 'spans', () => Promise.reject(new Error('refused')))).rejects.toThrow(
    'refused',
  );
  await once('first');
  await startAgain();
  expect(await engine.count()).toBe(10);
});
