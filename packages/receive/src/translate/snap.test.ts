import { snap } from '@maru/otlp';
import { randomBytes, seededRandom } from '@maru/testkit';
import { expect, test } from 'vitest';
import { unsnap } from './snappy.ts';

const random = seededRandom(1);
const texts = Array.from(
  { length: 300 },
  (_, index) => `series_${index % 7}{job="api",instance="a:${index % 90}"} `,
);

test.each([
  ['nothing', new Uint8Array(0)],
  ['one byte', Uint8Array.of(7)],
  ['bytes without a pattern', randomBytes(random, 70_000)],
  ['one byte over and over', new Uint8Array(200_000).fill(65)],
  ['text', Buffer.from(texts.join(''))],
  [
    'what was far away',
    Buffer.concat([Buffer.from('a needle'), randomBytes(random, 80_000), Buffer.from('a needle')]),
  ],
])('%s comes back as it was', (_, bytes) => {
  expect(Buffer.compare(unsnap(snap(bytes), 1_000_000), bytes)).toBe(0);
});

test('what repeats becomes small', () => {
  const bytes = Buffer.from(texts.join(''));
  expect(snap(bytes).length).toBeLessThan(bytes.length / 3);
});
