/**
 * TraceQL as a tree of immutable values. Every node knows the offset in the query's text where it starts, for errors.
 * The whole grammar has its place here, also what the planner answers as not supported yet.
 */

interface Node {
  readonly start: number;
}

/** A query: what is evaluated, and hints (`with (…)`) about how. */
export interface Query {
  readonly expression: Expression;
  readonly hints: readonly Hint[];
}

export interface Hint extends Node {
  readonly name: string;
  readonly value: Static;
}

/** Anything that can stand between `|`, or on a side of an operator outside braces. */
export type Expression =
  | Pipeline
  | SpansetFilter
  | SpansetOperation
  | ScalarFilter
  | GroupBy
  | Coalesce
  | Select
  | Aggregate
  | ScalarOperation
  | Static
  | Metrics
  | MetricsFilter
  | MetricsRank
  | MetricsOperation;

/** `a | b | c`: each element works on what the one before it left. */
export interface Pipeline extends Node {
  readonly kind: 'pipeline';
  readonly elements: readonly Expression[];
}

/** `{ condition }`: spans, grouped by trace. No condition: every span. */
export interface SpansetFilter extends Node {
  readonly kind: 'spansetFilter';
  readonly condition: FieldExpression | undefined;
}

export type SpansetOperator =
  | '&&'
  | '||'
  | '>'
  | '<'
  | '>>'
  | '<<'
  | '~'
  | '!>'
  | '!<'
  | '!>>'
  | '!<<'
  | '!~'
  | '&>'
  | '&<'
  | '&>>'
  | '&<<'
  | '&~';

export interface SpansetOperation extends Node {
  readonly kind: 'spansetOperation';
  readonly operator: SpansetOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^';

/** `count() > 2`, `({…} | avg(duration)) > ({…} | avg(duration))` */
export interface ScalarFilter extends Node {
  readonly kind: 'scalarFilter';
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface ScalarOperation extends Node {
  readonly kind: 'scalarOperation';
  readonly operator: ArithmeticOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface GroupBy extends Node {
  readonly kind: 'groupBy';
  readonly expression: FieldExpression;
}

export interface Coalesce extends Node {
  readonly kind: 'coalesce';
}

export interface Select extends Node {
  readonly kind: 'select';
  readonly fields: readonly FieldExpression[];
}

export type AggregateFunction = 'count' | 'avg' | 'max' | 'min' | 'sum';

/** One number for each trace; `count` has no argument. */
export interface Aggregate extends Node {
  readonly kind: 'aggregate';
  readonly function: AggregateFunction;
  readonly argument: FieldExpression | undefined;
}

export type MetricsFunction =
  | 'rate'
  | 'count_over_time'
  | 'min_over_time'
  | 'max_over_time'
  | 'avg_over_time'
  | 'sum_over_time'
  | 'quantile_over_time'
  | 'histogram_over_time'
  | 'compare';

/** The stage that turns spans into series. */
export interface Metrics extends Node {
  readonly kind: 'metrics';
  readonly function: MetricsFunction;
  /** What is measured; absent for rate, count_over_time and compare. */
  readonly argument: FieldExpression | undefined;
  /** The selection of compare(). */
  readonly selection: SpansetFilter | undefined;
  /** Quantiles, or compare's limit, start and end. */
  readonly numbers: readonly Static[];
  readonly by: readonly FieldExpression[];
}

/** `… | rate() > 5`: keeps the points for which it is true. */
export interface MetricsFilter extends Node {
  readonly kind: 'metricsFilter';
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Static;
}

export interface MetricsRank extends Node {
  readonly kind: 'metricsRank';
  readonly function: 'topk' | 'bottomk';
  readonly limit: Static;
}

/** `(… | rate()) / (… | rate())`; one side may be a number. */
export interface MetricsOperation extends Node {
  readonly kind: 'metricsOperation';
  readonly operator: ArithmeticOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** What stands inside braces, and in the parentheses of functions. */
export type FieldExpression = Static | Attribute | Intrinsic | UnaryOperation | BinaryOperation;

export type Static = Node & { readonly kind: 'static' } & (
    | { readonly type: 'string'; readonly value: string }
    | { readonly type: 'int'; readonly value: bigint }
    | { readonly type: 'float'; readonly value: number }
    /** Nanoseconds. */
    | { readonly type: 'duration'; readonly value: bigint }
    | { readonly type: 'bool'; readonly value: boolean }
    | { readonly type: 'nil' }
    | { readonly type: 'status'; readonly value: StatusName }
    | { readonly type: 'kind'; readonly value: KindName }
  );

export type StatusName = 'ok' | 'error' | 'unset';
export type KindName = 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';

export type Scope = 'span' | 'resource' | 'event' | 'link' | 'instrumentation';

/** `span.http.route`; without a scope, `.http.route`. `parent.` means the same of the span's parent. */
export interface Attribute extends Node {
  readonly kind: 'attribute';
  readonly ofParent: boolean;
  readonly scope: Scope | undefined;
  readonly name: string;
}

/** A property that every span or trace has; `name` is as it was written (`duration` or `span:duration`). */
export interface Intrinsic extends Node {
  readonly kind: 'intrinsic';
  readonly name: string;
}

export interface UnaryOperation extends Node {
  readonly kind: 'unary';
  readonly operator: '-' | '!';
  readonly operand: FieldExpression;
}

export type FieldOperator = ComparisonOperator | ArithmeticOperator | '=~' | '!~' | '&&' | '||';

export interface BinaryOperation extends Node {
  readonly kind: 'binary';
  readonly operator: FieldOperator;
  readonly left: FieldExpression;
  readonly right: FieldExpression;
}
