import type { Scalar } from '../model/attributes.ts';

/** A condition as it was written. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly of: Expression }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: 'match'; readonly of: PathOperand; readonly pattern: string; readonly column: number }
  | { readonly kind: 'constant'; readonly value: boolean };

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Operand = PathOperand | { readonly kind: 'value'; readonly value: Scalar | undefined };

/** `resource.attributes["service.name"]`: names with dots between, and a key at the end where there is one. */
export interface PathOperand {
  readonly kind: 'path';
  readonly name: string;
  readonly key: string | undefined;
  readonly column: number;
}
