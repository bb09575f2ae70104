import type { Settled } from '@maru/ledger';
import { expect, test } from 'vitest';
import { Progress } from './progress.ts';
import type { Position } from './source.ts';

function at(offset: number, segment = 1): Position {
  return { segment, offset };
}

function recorded(): { readonly progress: Progress; readonly told: [number, Settled][] } {
  const told: [number, Settled][] = [];
  return { progress: new Progress((to, settled) => told.push([to.offset, settled])), told };
}

test('the cursor moves in the order of reading, whatever the order of the answers', () => {
  const { progress, told } = recorded();
  const [first, second, third] = [10, 20, 30].map((offset) => progress.begin(at(offset), 5, 0));
  if (first === undefined || second === undefined || third === undefined) return;
  progress.settle(second, 5, { forwarded: 5 });
  progress.settle(third, 2, { forwarded: 2 });
  expect(told).toEqual([]);
  progress.settle(first, 3, { forwarded: 3 });
  progress.settle(first, 2, { failed: 2 });
  expect(told).toMatchObject([[20, { forwarded: 8, failed: 2 }]]);
  progress.settle(third, 3, { filtered: 3 });
  expect(told[1]).toMatchObject([30, { forwarded: 2, filtered: 3 }]);
  expect(progress.itemsUnderWay).toBe(0);
});

test('a read of nothing, and items that damage destroyed, are settled at once', () => {
  const { progress, told } = recorded();
  progress.begin(at(10), 0, 0);
  progress.begin(at(20), 0, 7);
  expect(told).toMatchObject([
    [10, {}],
    [20, { dropped: { damaged: 7 } }],
  ]);
});

test('what is given up counts no more, and holds nothing up', () => {
  const { progress, told } = recorded();
  const old = progress.begin(at(10, 1), 5, 0);
  const next = progress.begin(at(10, 2), 5, 0);
  progress.abandon({ segment: 2, offset: 0 });
  expect(old.abandoned).toBe(true);
  progress.settle(old, 5, { forwarded: 5 });
  expect(told).toEqual([]);
  progress.settle(next, 5, { forwarded: 5 });
  expect(told).toMatchObject([[10, { forwarded: 5 }]]);
});
