import { setTimeout as delay } from 'node:timers/promises';
import { RunningStack, seededRandom } from '@maru/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  expectStoredOnce,
  itemsPerRequest,
  numberedSenders,
  packedSamples,
  settled,
} from './support/numbered.ts';

// `MARU_KILLS` asks for more.
const kills = Number(process.env.MARU_KILLS ?? 20);
/** On a machine with a tenth of itself to spare a restart takes some ten seconds. */
const timeoutMs = 120_000 + kills * 20_000;

let stack: RunningStack;

beforeAll(async () => {
  // Samples are packed all the time, so that kills meet that, too.
  stack = await RunningStack.start({ settings: { packIntervalMs: 200 } });
});

afterAll(async () => {
  await stack.stop();
});

/** Which processes die in each round: each alone, and both, in turn. */
const victims = [['intake'], ['engine'], ['intake', 'engine']] as const;

test(
  `kill -9 ${kills} times under load: every acknowledged item is stored exactly once`,
  async () => {
    const senders = numberedSenders(stack);
    const random = seededRandom(20);
    for (let round = 0; round < kills; round += 1) {
      await delay(150 + random() * 850);
      await Promise.all((victims[round % victims.length] ?? []).map((part) => stack.kill(part)));
      await stack.restart();
    }
    for (const sender of Object.values(senders)) await sender.stop();
    expect((await settled(stack)).balanced).toBe(true);
    await expectStoredOnce(stack, senders, kills * itemsPerRequest);
    expect(await packedSamples(stack)).toBeGreaterThan(0);
  },
  timeoutMs,
);
