/** A parsed template; immutable. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly pipeline: Pipeline }
  | {
      readonly kind: 'if' | 'with';
      readonly pipeline: Pipeline;
      readonly body: Body;
      readonly otherwise: Body;
    }
  | { readonly kind: 'range'; readonly pipeline: Pipeline; readonly body: Body; readonly otherwise: Body }
  | { readonly kind: 'template'; readonly name: string; readonly pipeline: Pipeline | undefined }
  | { readonly kind: 'break' | 'continue' };

export type Body = readonly Node[];

/** Commands, each given the value of the one before as its last argument; the value may go to variables. */
export interface Pipeline {
  readonly variables: readonly string[];
  readonly declares: boolean;
  readonly commands: readonly Command[];
}

export type Command = readonly Operand[];

export type Operand =
  | {
      readonly kind: 'constant';
      readonly value: string | number | boolean | null;
      readonly isFloat?: boolean;
    }
  | { readonly kind: 'dot' }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline }
  | { readonly kind: 'fields'; readonly of: Operand; readonly names: readonly string[] };

export interface Template {
  readonly body: Body;
  /** By name: what `define` and `block` made. */
  readonly defined: ReadonlyMap<string, Body>;
}
