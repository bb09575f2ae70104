import type { Place } from './node.ts';

/** What is wrong at one place of a file, as one sentence. */
export interface Problem {
  readonly place: Place;
  readonly sentence: string;
}

/** Gathers what is wrong with a file, so that a person learns of everything at once. */
export class Problems {
  readonly #problems: Problem[] = [];

  add(place: Place, sentence: string): undefined {
    this.#problems.push({ place, sentence });
  }

  get all(): readonly Problem[] {
    return this.#problems.toSorted(
      (left, right) => left.place.line - right.place.line || left.place.column - right.place.column,
    );
  }

  /** Throws a `ConfigError` when there is any. */
  throwIfAny(): void {
    if (this.#problems.length > 0) throw new ConfigError(this.all);
  }
}

/** A file that cannot be used; nothing of it was. The message is the first problem and how many there are beside it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const [first] = problems;
    const rest = problems.length - 1;
    const more =
      rest === 0 ? '' : `, and ${rest} more ${rest === 1 ? 'problem' : 'problems'}: see ./maru config check`;
    super(`${first === undefined ? 'the configuration cannot be used' : problemLine(first)}${more}`);
    this.problems = problems;
  }
}

/** `maru.yaml:4:7: …`, as compilers write it, so that editors can follow it. */
export function problemLine({ place, sentence }: Problem): string {
  return `${place.file}:${place.line}:${place.column}: ${sentence}`;
}
