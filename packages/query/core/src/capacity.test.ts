import { expect, test } from 'vitest';
import { admit, createQueryCapacity } from './capacity.ts';

const mebibyte = 1024 * 1024;

test('a query that would hold more than its memory is refused, whatever holds it', async () => {
  const capacity = createQueryCapacity({ maxMemoryBytes: mebibyte });
  const refused = {
    kind: 'execution',
    message:
      'query processing would hold more than 1MiB of memory in query execution, which is the limit; select fewer series or a shorter time',
  };
  const samples = admit(capacity, {}, async ({ budget }) => budget.addSamples(mebibyte / 16 + 1));
  await expect(samples).rejects.toMatchObject(refused);
  const series = admit(capacity, {}, async ({ budget }) => {
    budget.addSamples(mebibyte / 32);
    budget.addSeriesBytes(mebibyte / 2 + 1);
  });
  await expect(series).rejects.toMatchObject(refused);
  expect(capacity.memory.used, 'what was refused is given back').toBe(0);
});

test('memory that is let go may be held again', async () => {
  const capacity = createQueryCapacity({ maxMemoryBytes: mebibyte });
  await admit(capacity, {}, async ({ budget }) => {
    for (let round = 0; round < 10; round += 1) {
      const held = budget.samples;
      budget.addSamples(mebibyte / 16);
      budget.settle(held, 0);
    }
    expect(budget.memoryBytes).toBe(0);
  });
});

test('what a failed query still reads when it has ended counts for nobody', async () => {
  const capacity = createQueryCapacity({ maxMemoryBytes: mebibyte });
  const ended = await admit(capacity, {}, async ({ budget }) => budget);
  ended.addSamples(1000);
  ended.addSeriesBytes(1000);
  expect(capacity.memory.used).toBe(0);
});

test('all queries together hold at most twice what one may', async () => {
  const capacity = createQueryCapacity({ maxMemoryBytes: mebibyte });
  const holding = (): Promise<void> =>
    admit(capacity, {}, async ({ budget }) => {
      budget.addSamples(mebibyte / 20);
      await new Promise((resolve) => setImmediate(resolve));
    });
  const outcomes = await Promise.allSettled([holding(), holding(), holding(), holding()]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect(outcomes[2]).toMatchObject({ reason: { kind: 'unavailable' } });
  expect(capacity.memory.used).toBe(0);
});

test('a query that becomes long makes room for short ones, and waits for the long ones', async () => {
  const capacity = createQueryCapacity({ concurrency: 1 });
  const client = new AbortController();
  const ended = new Promise<void>((resolve) => client.signal.addEventListener('abort', () => resolve()));
  const long = (): Promise<void> =>
    admit(capacity, {}, async ({ becomeLong }) => {
      await becomeLong();
      await ended;
    });
  const all = [long(), long(), long(), long()];
  expect(await admit(capacity, {}, async () => 'short')).toBe('short');
  expect(capacity.longGate.waiting).toBe(2);
  client.abort();
  await Promise.all(all);
  expect([capacity.gate.waiting, capacity.longGate.waiting]).toEqual([0, 0]);
});
