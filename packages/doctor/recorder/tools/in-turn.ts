/** One after another: what is recorded must not share its time with what is recorded beside it. */
export async function inTurn<From, To>(
  all: readonly From[],
  each: (one: From) => Promise<To>,
): Promise<To[]> {
  const done: To[] = [];
  for (const one of all) done.push(await each(one));
  return done;
}
