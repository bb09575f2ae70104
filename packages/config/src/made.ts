import type { Kind } from './kind.ts';

/** What `make` makes of a kind's value. It gives a sentence's end instead where the value cannot be: `name … sentence`. */
export function made<From, To>(kind: Kind<From>, make: (from: From) => To | Impossible): Kind<To> {
  return {
    ...kind,
    read: (node, path, problems) => {
      const from = kind.read(node, path, problems);
      if (from === undefined) return undefined;
      const value = make(from);
      return value instanceof Impossible ? problems.add(node.place, `${path} ${value.why}`) : value;
    },
  };
}

/** Why a value cannot be, as the end of a sentence that its name begins. */
export class Impossible {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}
