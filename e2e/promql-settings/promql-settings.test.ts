import { RunningStack } from '@maru/testkit';
import { afterEach, expect, test } from 'vitest';

let stack: RunningStack | undefined;
afterEach(() => stack?.stop());

async function statusOf(query: string): Promise<number | undefined> {
  const response = stack && (await fetch(`${stack.queryUrl}/api/v1/query?${new URLSearchParams({ query })}`));
  await response?.text();
  return response?.status;
}

test.each([
  [{ promqlExperimental: true }, 200],
  [{}, 400],
])('with %j in the settings an experimental function answers %d', async (settings, status) => {
  stack = await RunningStack.start({ settings });
  expect(await statusOf('sort_by_label(vector(1), "job")')).toBe(status);
  expect(await statusOf('vector(1)')).toBe(200);
});
