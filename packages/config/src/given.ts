/** An object's properties without those that were left out: what is optional elsewhere must not be there as `undefined`. */
export function given<T extends object>(properties: T): Given<T> {
  return Object.fromEntries(
    Object.entries(properties).filter(([, value]) => value !== undefined),
  ) as Given<T>;
}

export type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };
