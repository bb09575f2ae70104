/**
 * The results of some tasks in their order, with so many under way at a time, the one that is waited for among them. What
 * is under way when the consumer leaves or one fails is waited for, and its failure forgotten.
 */
export async function* readAhead<Result>(
  tasks: readonly (() => Promise<Result>)[],
  atOnce: number,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  let next = 0;
  const start = (): void => {
    const task = tasks[next];
    next += 1;
    if (task === undefined) return;
    const result = task();
    // It may fail before its turn comes; the failure is met then.
    result.catch(() => undefined);
    underWay.push(result);
  };
  for (let index = 0; index < atOnce; index += 1) start();
  try {
    for (;;) {
      const first = underWay.shift();
      if (first === undefined) return;
      const result = await first;
      start();
      yield result;
    }
  } finally {
    await Promise.allSettled(underWay);
  }
}
