import type { Span } from '@maru/query-core';

/** What the lexer gives the parser. */
export type Token = Span &
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
