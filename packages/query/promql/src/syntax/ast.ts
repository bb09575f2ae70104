import type { LabelMatcher, Span } from '@maru/query-core';

/** An expression as it was written. Nodes are frozen by type and carry their place in the text. */
export type Expression =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregation
  | Binary
  | Unary
  | Parentheses;

/** `1.5`, `0x10`, `Inf`, or a duration used as a number of seconds (`1h`). */
export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
  readonly isDuration: boolean;
  readonly span: Span;
}

export interface StringLiteral {
  readonly kind: 'string';
  readonly value: string;
  readonly span: Span;
}

/** `name{label="value"} offset 5m @ 100`. The name is one of the matchers too. */
export interface VectorSelector extends Modifiers {
  readonly kind: 'vectorSelector';
  /** The name as written outside or inside the braces; '' when only matchers speak of it. */
  readonly name: string;
  readonly matchers: readonly LabelMatcher[];
  readonly span: Span;
}

/** `selector[5m]`; the modifiers are those of the selector. */
export interface MatrixSelector {
  readonly kind: 'matrixSelector';
  readonly selector: VectorSelector;
  readonly range: DurationExpression;
  readonly span: Span;
}

/** `expression[1h:5m]`; without a step the engine's default applies. */
export interface Subquery extends Modifiers {
  readonly kind: 'subquery';
  readonly expression: Expression;
  readonly range: DurationExpression;
  readonly step: DurationExpression | undefined;
  readonly span: Span;
}

/** Where in time a selector or subquery looks. */
export interface Modifiers {
  readonly offset: DurationExpression | undefined;
  readonly at: AtModifier | undefined;
  /** Which samples around a range count; both are experimental in Prometheus. */
  readonly rangeMode: 'anchored' | 'smoothed' | undefined;
}

/** `@ 100` in milliseconds, `@ start()`, `@ end()`. */
export type AtModifier =
  | { readonly kind: 'timestamp'; readonly milliseconds: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' };

/** A length of time; anything but a literal is experimental in Prometheus. */
export type DurationExpression =
  | { readonly kind: 'literal'; readonly seconds: number; readonly isDuration: boolean; readonly span: Span }
  | { readonly kind: 'queryValue'; readonly name: 'step' | 'range'; readonly span: Span }
  | {
      readonly kind: 'unary';
      readonly operator: '+' | '-';
      readonly operand: DurationExpression;
      readonly span: Span;
    }
  | {
      readonly kind: 'binary';
      readonly operator: DurationOperator;
      readonly left: DurationExpression;
      readonly right: DurationExpression;
      readonly span: Span;
    }
  | {
      readonly kind: 'extreme';
      readonly name: 'min_of' | 'max_of';
      readonly left: DurationExpression;
      readonly right: DurationExpression;
      readonly span: Span;
    }
  | { readonly kind: 'parentheses'; readonly inner: DurationExpression; readonly span: Span };

export type DurationOperator = '+' | '-' | '*' | '/' | '%' | '^';

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly Expression[];
  readonly span: Span;
}

/** `topk by (job) (3, expression)`. */
export interface Aggregation {
  readonly kind: 'aggregation';
  readonly operator: string;
  readonly parameter: Expression | undefined;
  readonly expression: Expression;
  readonly grouping: readonly string[];
  readonly without: boolean;
  readonly span: Span;
}

export interface Binary {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly returnBool: boolean;
  readonly matching: VectorMatching;
  readonly span: Span;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOperator = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type SetOperator = 'and' | 'or' | 'unless';
/** Cut the observations of a native histogram above or below a bound; new in Prometheus 3.9. */
export type TrimOperator = '</' | '>/';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator | TrimOperator;

/** How the series of two vectors find each other; the default is by all labels, one to one. */
export interface VectorMatching {
  /** `on` names the labels that count, `ignoring` (also the default, with none) those that do not. */
  readonly mode: 'on' | 'ignoring';
  readonly labels: readonly string[];
  /** Whether `on` or `ignoring` stands in the text. */
  readonly isExplicit: boolean;
  readonly group: 'left' | 'right' | undefined;
  /** Labels that the "one" side gives to the result. */
  readonly include: readonly string[];
  /** Values for series without a partner; experimental in Prometheus. */
  readonly fill: { readonly left: number | undefined; readonly right: number | undefined };
}

export interface Unary {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly operand: Expression;
  readonly span: Span;
}

export interface Parentheses {
  readonly kind: 'parentheses';
  readonly inner: Expression;
  readonly span: Span;
}

/** The expression inside any number of parentheses. */
export function unwrapParentheses(expression: Expression): Expression {
  return expression.kind === 'parentheses' ? unwrapParentheses(expression.inner) : expression;
}

/** The expressions directly below one. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'string':
    case 'vectorSelector':
      return [];
    case 'matrixSelector':
      return [expression.selector];
    case 'subquery':
      return [expression.expression];
    case 'call':
      return expression.arguments;
    case 'aggregation':
      return expression.parameter === undefined
        ? [expression.expression]
        : [expression.parameter, expression.expression];
    case 'binary':
      return [expression.left, expression.right];
    case 'unary':
      return [expression.operand];
    case 'parentheses':
      return [expression.inner];
  }
}

/** Every vector selector of an expression, in the order of the text. */
export function selectorsOf(expression: Expression): readonly VectorSelector[] {
  if (expression.kind === 'vectorSelector') return [expression];
  return childrenOf(expression).flatMap(selectorsOf);
}
