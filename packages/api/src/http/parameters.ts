import { RequestError } from './failure.ts';

/** Bounds on what a request may carry; all of them answer with the bound's name and size. */
export const parameterLimits: {
  readonly valueLength: number;
  readonly count: number;
  readonly formBytes: number;
} = {
  /** Characters of one value: query text, mostly. */
  valueLength: 131_072,
  count: 1_000,
  formBytes: 1_048_576,
};

/** A request's parameters: the form's first, then the URL's, as Go's `FormValue` reads them. */
export class Parameters {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(sources: readonly string[]) {
    this.#values = collect(sources);
  }

  /** The first value of that name; an empty one counts as absent. */
  get(name: string): string | undefined {
    const value = this.#values.get(name)?.[0];
    return value === '' ? undefined : value;
  }

  /** Whether the name was sent at all, with or without a value. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Every value of that name, in order. */
  getAll(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** The value, or 400 naming what is missing. */
  require(name: string): string {
    const value = this.get(name);
    if (value === undefined) throw new RequestError('bad_request', `parameter ${name} is missing`);
    return value;
  }

  /** A whole number within bounds, or the default when absent. */
  integer(
    name: string,
    options: { readonly absent: number; readonly min: number; readonly max: number },
  ): number {
    const text = this.get(name);
    if (text === undefined) return options.absent;
    const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= options.min && value <= options.max) return value;
    throw new RequestError(
      'bad_request',
      `cannot read parameter ${name} from ${shown(text)}: it must be a whole number from ${options.min} to ${options.max}`,
    );
  }
}

/** A user's text in an error sentence: quoted, and never longer than a line. */
export function shown(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}

function collect(sources: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  let count = 0;
  for (const source of sources) {
    for (const [name, value] of new URLSearchParams(source)) {
      count += 1;
      checkParameter(name, value, count);
      const known = values.get(name);
      if (known === undefined) values.set(name, [value]);
      else known.push(value);
    }
  }
  return values;
}

function checkParameter(name: string, value: string, count: number): void {
  if (count > parameterLimits.count) {
    throw new RequestError('bad_request', `the request has more than ${parameterLimits.count} parameters`);
  }
  if (name.length > 256 || value.length > parameterLimits.valueLength) {
    throw new RequestError(
      'bad_request',
      `parameter ${shown(name)} is longer than ${parameterLimits.valueLength} characters; shorten the query`,
    );
  }
}
