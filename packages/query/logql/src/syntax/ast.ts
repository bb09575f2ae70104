/**
 * LogQL as a tree of immutable values. Every node knows the offset in the query's text where it starts, for errors.
 * The whole grammar has its place here, also what is answered as not supported yet.
 */

interface Node {
  readonly start: number;
}

export type Expression = LogExpression | MetricExpression;

export type MetricExpression =
  | RangeAggregation
  | VectorAggregation
  | BinaryOperation
  | Literal
  | VectorLiteral
  | LabelReplace;

/** `{…} |= "x" | json`: a selector and what is done with its lines, in order. */
export interface LogExpression extends Node {
  readonly kind: 'log';
  readonly selector: readonly Matcher[];
  readonly stages: readonly Stage[];
}

export type MatchOperator = '=' | '!=' | '=~' | '!~';

export interface Matcher extends Node {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

export type Stage =
  | LineFilter
  | Parser
  | LabelFilterStage
  | LineFormat
  | LabelFormat
  | Decolorize
  | LabelSelection
  | Unwrap;

export type LineFilterOperator = '|=' | '!=' | '|~' | '!~' | '|>' | '!>';

/** `|= "a" or "b"`: keeps (or, negated, drops) lines with any of the operands. */
export interface LineFilter extends Node {
  readonly kind: 'lineFilter';
  readonly operator: LineFilterOperator;
  readonly operands: readonly LineFilterOperand[];
}

export interface LineFilterOperand extends Node {
  /** `ip("…")` matches addresses instead of text. */
  readonly function: 'ip' | undefined;
  readonly value: string;
}

export interface Parser extends Node {
  readonly kind: 'parser';
  readonly name: 'json' | 'logfmt' | 'regexp' | 'pattern' | 'unpack' | 'xml';
  /** Of regexp and pattern. */
  readonly pattern: string | undefined;
  /** Of logfmt: `--strict`, `--keep-empty`. */
  readonly flags: readonly string[];
  /** `| json label="path"`: what is extracted, under which name. */
  readonly extractions: readonly Extraction[];
}

export interface Extraction extends Node {
  readonly label: string;
  readonly path: string;
}

export interface LabelFilterStage extends Node {
  readonly kind: 'labelFilter';
  readonly filter: LabelFilter;
}

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type LabelFilter =
  | (Matcher & { readonly kind: 'matcher' })
  | (Node & {
      readonly kind: 'comparison';
      readonly name: string;
      readonly operator: ComparisonOperator;
      readonly unit: 'number' | 'duration' | 'bytes';
      /** The number; nanoseconds of a duration, bytes of a size. */
      readonly value: number;
      /** As it was written. */
      readonly text: string;
    })
  | (Node & {
      readonly kind: 'ip';
      readonly name: string;
      readonly operator: '=' | '!=';
      readonly value: string;
    })
  | (Node & {
      readonly kind: 'logical';
      readonly operator: 'and' | 'or';
      readonly left: LabelFilter;
      readonly right: LabelFilter;
    });

export interface LineFormat extends Node {
  readonly kind: 'lineFormat';
  readonly template: string;
}

export interface LabelFormat extends Node {
  readonly kind: 'labelFormat';
  readonly formats: readonly LabelFormatItem[];
}

/** `label=other` renames, `label="template"` fills. */
export interface LabelFormatItem extends Node {
  readonly label: string;
  readonly rename: boolean;
  readonly value: string;
}

export interface Decolorize extends Node {
  readonly kind: 'decolorize';
}

/** `drop` and `keep`: labels by name, or by name and value. */
export interface LabelSelection extends Node {
  readonly kind: 'drop' | 'keep';
  readonly labels: readonly (Matcher | LabelName)[];
}

export interface LabelName extends Node {
  readonly name: string;
  readonly operator: undefined;
}

export interface Unwrap extends Node {
  readonly kind: 'unwrap';
  readonly label: string;
  readonly conversion: 'bytes' | 'duration' | 'duration_seconds' | undefined;
}

export interface Grouping {
  readonly without: boolean;
  readonly labels: readonly string[];
}

export type RangeFunction =
  | 'rate'
  | 'rate_counter'
  | 'count_over_time'
  | 'bytes_rate'
  | 'bytes_over_time'
  | 'avg_over_time'
  | 'sum_over_time'
  | 'min_over_time'
  | 'max_over_time'
  | 'stdvar_over_time'
  | 'stddev_over_time'
  | 'quantile_over_time'
  | 'first_over_time'
  | 'last_over_time'
  | 'absent_over_time';

export interface RangeAggregation extends Node {
  readonly kind: 'rangeAggregation';
  readonly function: RangeFunction;
  /** The quantile of quantile_over_time. */
  readonly parameter: number | undefined;
  readonly log: LogExpression;
  readonly rangeNanos: bigint;
  readonly offsetNanos: bigint;
  readonly grouping: Grouping | undefined;
}

export type VectorFunction =
  | 'sum'
  | 'avg'
  | 'count'
  | 'min'
  | 'max'
  | 'stddev'
  | 'stdvar'
  | 'bottomk'
  | 'topk'
  | 'approx_topk'
  | 'sort'
  | 'sort_desc';

export interface VectorAggregation extends Node {
  readonly kind: 'vectorAggregation';
  readonly function: VectorFunction;
  /** How many topk and its like keep. */
  readonly parameter: number | undefined;
  readonly expression: MetricExpression;
  readonly grouping: Grouping | undefined;
}

export type BinaryOperator =
  | 'or'
  | 'and'
  | 'unless'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^';

export interface BinaryOperation extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: MetricExpression;
  readonly right: MetricExpression;
  readonly returnBool: boolean;
  readonly matching: Matching | undefined;
}

export interface Matching {
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly group: { readonly side: 'left' | 'right'; readonly include: readonly string[] } | undefined;
}

export interface Literal extends Node {
  readonly kind: 'literal';
  readonly value: number;
}

/** `vector(1)` */
export interface VectorLiteral extends Node {
  readonly kind: 'vector';
  readonly value: number;
}

export interface LabelReplace extends Node {
  readonly kind: 'labelReplace';
  readonly expression: MetricExpression;
  readonly destination: string;
  readonly replacement: string;
  readonly source: string;
  readonly pattern: string;
}
