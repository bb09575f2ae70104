interface Place {
  /** Offset of the first code unit. */
  readonly start: number;
  /** Offset just after the last. */
  readonly end: number;
}

/** What the lexer gives the parser. */
export type Token = Place &
  (
    | { readonly kind: 'operator'; readonly text: string }
    /** A name or keyword. */
    | { readonly kind: 'word'; readonly text: string }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'number'; readonly value: number }
    /** In nanoseconds. */
    | { readonly kind: 'duration'; readonly value: bigint }
    | { readonly kind: 'bytes'; readonly value: number }
    /** `--strict` */
    | { readonly kind: 'flag'; readonly text: string }
    | { readonly kind: 'end' }
  );

/** A token as an error message names it. */
export function describeToken(token: Token, text: string): string {
  return token.kind === 'end' ? 'end of query' : JSON.stringify(text.slice(token.start, token.end));
}
