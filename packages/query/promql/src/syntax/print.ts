import {
  type LabelMatcher,
  metricName,
  printDuration,
  printFloat,
  printLabelName,
  quoteText,
} from '@maru/query-core';
import type {
  Aggregation,
  AtModifier,
  Binary,
  DurationExpression,
  Expression,
  Modifiers,
  NumberLiteral,
  Subquery,
  VectorMatching,
  VectorSelector,
} from './ast.ts';

/** An expression as Prometheus prints it, on one line. What it gives parses to the same tree. */
export function print(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return printNumber(expression);
    case 'string':
      return quoteText(expression.value);
    case 'vectorSelector':
      return printSelector(expression) + printModifiers(expression);
    case 'matrixSelector':
      return `${printSelector(expression.selector)}[${printLength(expression.range)}]${printModifiers(expression.selector)}`;
    case 'subquery':
      return printSubquery(expression);
    case 'call':
      return `${expression.name}(${expression.arguments.map(print).join(', ')})`;
    case 'aggregation':
      return printAggregation(expression);
    case 'binary':
      return printBinary(expression);
    case 'unary':
      return expression.operator + print(expression.operand);
    case 'parentheses':
      return `(${print(expression.inner)})`;
  }
}

function printNumber(literal: NumberLiteral): string {
  if (!literal.isDuration) return printFloat(literal.value);
  const sign = literal.value < 0 ? '-' : '';
  return sign + printDuration(Math.round(Math.abs(literal.value) * 1000));
}

function printSelector(selector: VectorSelector): string {
  const plainName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(selector.name);
  const isNamed = selector.name !== '';
  const rest = isNamed ? withoutOne(selector.matchers, selector.name) : selector.matchers;
  const inside = rest.map(printMatcher);
  if (isNamed && !plainName) inside.unshift(quoteText(selector.name));
  const braces = inside.length > 0 || !isNamed ? `{${inside.join(',')}}` : '';
  return (plainName ? selector.name : '') + braces;
}

/** The matchers without the one that the name stands for. */
function withoutOne(matchers: readonly LabelMatcher[], name: string): readonly LabelMatcher[] {
  const at = matchers.findIndex(
    (matcher) => matcher.name === metricName && matcher.operator === '=' && matcher.value === name,
  );
  return matchers.filter((_, index) => index !== at);
}

function printMatcher(matcher: LabelMatcher): string {
  return `${printLabelName(matcher.name)}${matcher.operator}${quoteText(matcher.value)}`;
}

function printModifiers(modifiers: Modifiers): string {
  const mode = modifiers.rangeMode === undefined ? '' : ` ${modifiers.rangeMode}`;
  const at = modifiers.at === undefined ? '' : ` @ ${printAt(modifiers.at)}`;
  const offset = modifiers.offset === undefined ? '' : ` offset ${printLength(modifiers.offset)}`;
  return mode + at + offset;
}

function printAt(at: AtModifier): string {
  return at.kind === 'timestamp' ? (at.milliseconds / 1000).toFixed(3) : `${at.kind}()`;
}

function printLength(duration: DurationExpression): string {
  switch (duration.kind) {
    case 'literal':
      return printLiteral(duration.seconds, duration.isDuration);
    case 'queryValue':
      return `${duration.name}()`;
    case 'unary':
      return duration.operator + printLength(duration.operand);
    case 'binary':
      return `${printLength(duration.left)} ${duration.operator} ${printLength(duration.right)}`;
    case 'extreme':
      return `${duration.name}(${printLength(duration.left)}, ${printLength(duration.right)})`;
    case 'parentheses':
      return `(${printLength(duration.inner)})`;
  }
}

function printLiteral(seconds: number, isDuration: boolean): string {
  return isDuration ? printDuration(Math.round(seconds * 1000)) : printFloat(seconds);
}

function printSubquery(subquery: Subquery): string {
  const step = subquery.step === undefined ? '' : printLength(subquery.step);
  const range = `[${printLength(subquery.range)}:${step}]`;
  return print(subquery.expression) + range + printModifiers(subquery);
}

function printAggregation(aggregation: Aggregation): string {
  const { operator, parameter, expression, grouping, without } = aggregation;
  const word = without ? 'without' : 'by';
  const isGrouped = without || grouping.length > 0;
  const clause = isGrouped ? ` ${word} (${printNames(grouping)}) ` : '';
  const first = parameter === undefined ? '' : `${print(parameter)}, `;
  return `${operator}${clause}(${first}${print(expression)})`;
}

function printBinary(binary: Binary): string {
  const bool = binary.returnBool ? ' bool' : '';
  const matching = printMatching(binary.matching);
  return `${print(binary.left)} ${binary.operator}${bool}${matching} ${print(binary.right)}`;
}

function printMatching(matching: VectorMatching): string {
  const on = matching.isExplicit ? ` ${matching.mode} (${printNames(matching.labels)})` : '';
  const include = matching.include.length > 0 ? ` (${printNames(matching.include)})` : ' ()';
  const group = matching.group === undefined ? '' : ` group_${matching.group}${include}`;
  return on + group + printFill(matching.fill);
}

function printFill({ left, right }: VectorMatching['fill']): string {
  if (left !== undefined && Object.is(left, right)) return ` fill (${printFloat(left)})`;
  const leftText = left === undefined ? '' : ` fill_left (${printFloat(left)})`;
  const rightText = right === undefined ? '' : ` fill_right (${printFloat(right)})`;
  return leftText + rightText;
}

function printNames(names: readonly string[]): string {
  return names.map(printLabelName).join(', ');
}
