import { expect, test } from 'vitest';
import { Gate } from './gate.ts';

const patient = { seconds: 60 };

test('so many are inside, and those who wait come in the order of their coming', async () => {
  const gate = new Gate({ atOnce: 2, maxWaiting: 10 });
  const came: string[] = [];
  const enter = async (name: string): Promise<() => void> => {
    const leave = await gate.enter(patient);
    came.push(name);
    return leave;
  };
  const [leaveA, leaveB] = await Promise.all([enter('a'), enter('b')]);
  const [c, d] = [enter('c'), enter('d')];
  expect(gate.waiting).toBe(2);
  leaveB();
  const leaveC = await c;
  expect(came).toEqual(['a', 'b', 'c']);
  leaveA();
  leaveC();
  (await d)();
  expect(came).toEqual(['a', 'b', 'c', 'd']);
  expect(gate.waiting).toBe(0);
});

test('who waits too long is told so in the words of Prometheus, and stands in nobody’s way', async () => {
  const gate = new Gate({ atOnce: 1, maxWaiting: 10 });
  const leave = await gate.enter(patient);
  await expect(gate.enter({ seconds: 0.01 })).rejects.toMatchObject({
    kind: 'timeout',
    message: 'query timed out in query queue',
  });
  const next = gate.enter(patient);
  leave();
  (await next)();
});

test('who leaves while waiting is let go', async () => {
  const gate = new Gate({ atOnce: 1, maxWaiting: 10 });
  const leave = await gate.enter(patient);
  const client = new AbortController();
  const waiting = gate.enter({ ...patient, signal: client.signal });
  client.abort();
  const canceled = { kind: 'canceled', message: 'query was canceled in query queue' };
  await expect(waiting).rejects.toMatchObject(canceled);
  await expect(gate.enter({ ...patient, signal: client.signal })).rejects.toMatchObject(canceled);
  expect(gate.waiting).toBe(0);
  leave();
});

test('more than may wait are turned away at once', async () => {
  const gate = new Gate({ atOnce: 1, maxWaiting: 1 });
  const leave = await gate.enter(patient);
  const second = gate.enter(patient);
  await expect(gate.enter(patient)).rejects.toMatchObject({
    kind: 'unavailable',
    message: 'too many queries: 1 already wait in query queue; try again shortly',
  });
  leave();
  (await second)();
});
