import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { maru } from '../test/maru.ts';

const testdata = fileURLToPath(new URL('../../rules/testdata/', import.meta.url));
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maru-cli-rules-'));
  writeFileSync(join(directory, 'wrong.yml'), 'groups: [{name: g, rules: [{record: a, expr: "sum("}]}]');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('rules check names what is there, and what is wrong with its place', async () => {
  const sound = await maru('rules', 'check', join(testdata, 'rules.yml'));
  expect(sound).toMatchObject({ code: 0, stdout: expect.stringContaining('4 rules found') });
  const wrong = await maru('rules', 'check', join(directory, 'wrong.yml'));
  expect(wrong).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('wrong.yml:1:46: could not parse expression'),
  });
});

test('rules test has the outcome in its exit code', async () => {
  expect(await maru('rules', 'test', join(testdata, 'passing.yml'))).toMatchObject({ code: 0 });
  const failing = await maru('rules', 'test', join(testdata, 'failing.yml'));
  expect(failing).toMatchObject({ code: 1, stdout: expect.stringContaining('exp: {} 5') });
});

test('nothing starts with rules that are wrong', async () => {
  const started = await maru('serve', '--data', join(directory, 'data'), '--rules', join(directory, '*.yml'));
  expect(started).toMatchObject({ code: 1, stderr: expect.stringContaining('could not parse expression') });
});
