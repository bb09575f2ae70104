import type { Span } from '@maru/query-core';
import type { Scope } from './ast.ts';

/** What the lexer gives the parser. */
export type Token = Span &
  (
    | { readonly kind: 'operator'; readonly text: string }
    | { readonly kind: 'word'; readonly text: string }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'int'; readonly value: bigint }
    | { readonly kind: 'float'; readonly value: number }
    | { readonly kind: 'duration'; readonly value: bigint }
    | {
        readonly kind: 'attribute';
        readonly ofParent: boolean;
        readonly scope: Scope | undefined;
        readonly name: string;
      }
    | { readonly kind: 'intrinsic'; readonly text: string }
    | { readonly kind: 'end' }
  );
