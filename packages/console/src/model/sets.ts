/** The set with the item put in, or taken out when it was in. */
export function toggled<Item>(set: ReadonlySet<Item>, item: Item): ReadonlySet<Item> {
  return set.has(item) ? without(set, [item]) : new Set([...set, item]);
}

/** The set without the items; the same set when it holds none of them, so that nothing is drawn again for nothing. */
export function without<Item>(set: ReadonlySet<Item>, items: readonly Item[]): ReadonlySet<Item> {
  if (!items.some((item) => set.has(item))) return set;
  const left = new Set(set);
  for (const item of items) left.delete(item);
  return left;
}
