import { expect, it } from 'vitest';
import { examineText } from '../examine.ts';
import { reportLines } from './lines.ts';

const plain = { good: String, bad: String, faint: String, strong: String };
const paste = 'docker: no matching manifest for linux/amd64 in the manifest list entries.';

it('names the cause first, then the evidence with its place, then how to mend it', () => {
  const lines = reportLines(examineText('paste.txt', paste), 'en', plain);
  expect(lines[0]).toBe('1 cause found');
  expect(lines[2]).toMatch(/^✖ The image is not built for the platform of the node .*\[certain\]$/);
  expect(lines).toContain(`    paste.txt:1  ${paste}`);
  expect(
    lines.some((line) => line.startsWith('    $ docker buildx build --platform linux/amd64,linux/arm64')),
  ).toBe(true);
});

it('says the same in Korean', () => {
  const lines = reportLines(examineText('paste.txt', paste), 'ko', plain);
  expect(lines[2]).toMatch(/플랫폼.*\[확실\]$/);
});

it('says that nothing is wrong, and that nothing could be read', () => {
  expect(reportLines(examineText('a.txt', 'listening'), 'en', plain)).toEqual([
    '✔ Nothing wrong was found in what was given.',
  ]);
  expect(reportLines(examineText('a.txt', ''), 'en', plain)[0]).toMatch(/^\? Nothing in it could be read/);
});
