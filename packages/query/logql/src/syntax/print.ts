import { printNanoDuration, quoteText } from '@maru/query-core';
import type {
  BinaryOperation,
  Expression,
  Extraction,
  Grouping,
  LabelFilter,
  LabelName,
  LineFilter,
  LogExpression,
  Matcher,
  MetricExpression,
  Parser,
  RangeAggregation,
  Stage,
  VectorAggregation,
} from './ast.ts';
import { precedence } from './parse.ts';

/** The query as text in one form: parsing it gives the same tree again. */
export function print(expression: Expression): string {
  return expression.kind === 'log' ? printLog(expression) : printMetric(expression);
}

function printLog({ selector, stages }: LogExpression): string {
  return [`{${selector.map(printMatcher).join(', ')}}`, ...stages.map(printStage)].join(' ');
}

function printMatcher({ name, operator, value }: Matcher): string {
  return `${name}${operator}${quoteText(value)}`;
}

function printStage(stage: Stage): string {
  switch (stage.kind) {
    case 'lineFilter':
      return printLineFilter(stage);
    case 'parser':
      return `| ${printParser(stage)}`;
    case 'labelFilter':
      return `| ${printLabelFilter(stage.filter)}`;
    case 'lineFormat':
      return `| line_format ${quoteText(stage.template)}`;
    case 'labelFormat':
      return `| label_format ${stage.formats.map(({ label, rename, value }) => `${label}=${rename ? value : quoteText(value)}`).join(', ')}`;
    case 'decolorize':
      return '| decolorize';
    case 'drop':
    case 'keep':
      return `| ${stage.kind} ${stage.labels.map(printNamedMatcher).join(', ')}`;
    case 'unwrap':
      return `| unwrap ${stage.conversion === undefined ? stage.label : `${stage.conversion}(${stage.label})`}`;
  }
}

function printLineFilter({ operator, operands }: LineFilter): string {
  const printed = operands.map(({ function: name, value }) =>
    name === undefined ? quoteText(value) : `${name}(${quoteText(value)})`,
  );
  return `${operator} ${printed.join(' or ')}`;
}

function printParser({ name, pattern, flags, extractions }: Parser): string {
  const list = extractions.map(printExtraction).join(', ');
  return [
    name,
    ...flags,
    ...(pattern === undefined ? [] : [quoteText(pattern)]),
    ...(list === '' ? [] : [list]),
  ].join(' ');
}

function printExtraction({ label, path }: Extraction): string {
  return label === path ? label : `${label}=${quoteText(path)}`;
}

function printNamedMatcher(label: Matcher | LabelName): string {
  return label.operator === undefined ? label.name : printMatcher(label);
}

function printLabelFilter(filter: LabelFilter): string {
  switch (filter.kind) {
    case 'matcher':
      return printMatcher(filter);
    case 'comparison':
      return `${filter.name} ${filter.operator} ${filter.text}`;
    case 'ip':
      return `${filter.name} ${filter.operator} ip(${quoteText(filter.value)})`;
    case 'logical':
      return `${printSide(filter.left, filter.operator, false)} ${filter.operator} ${printSide(filter.right, filter.operator, true)}`;
  }
}

/** Both operators bind from the left, and `and` stronger than `or`. */
function printSide(side: LabelFilter, operator: 'and' | 'or', isRight: boolean): string {
  const text = printLabelFilter(side);
  if (side.kind !== 'logical') return text;
  return isRight || (operator === 'and' && side.operator === 'or') ? `(${text})` : text;
}

function printMetric(expression: MetricExpression): string {
  switch (expression.kind) {
    case 'literal':
      return String(expression.value);
    case 'vector':
      return `vector(${expression.value})`;
    case 'rangeAggregation':
      return printRange(expression);
    case 'vectorAggregation':
      return printVector(expression);
    case 'labelReplace': {
      const { destination, replacement, source, pattern } = expression;
      const strings = [destination, replacement, source, pattern].map(quoteText);
      return `label_replace(${printMetric(expression.expression)}, ${strings.join(', ')})`;
    }
    case 'binary':
      return printBinary(expression);
  }
}

function printRange(expression: RangeAggregation): string {
  const parameter = expression.parameter === undefined ? '' : `${expression.parameter}, `;
  const offset = expression.offsetNanos === 0n ? '' : ` offset ${printNanoDuration(expression.offsetNanos)}`;
  const range = ` [${printNanoDuration(expression.rangeNanos)}]${offset}`;
  return `${expression.function}(${parameter}${printLog(expression.log)}${range})${printGrouping(expression.grouping)}`;
}

function printVector(expression: VectorAggregation): string {
  const parameter = expression.parameter === undefined ? '' : `${expression.parameter}, `;
  const grouping = printGrouping(expression.grouping);
  const inner = `(${parameter}${printMetric(expression.expression)})`;
  return `${expression.function}${grouping}${grouping === '' ? '' : ' '}${inner}`;
}

function printGrouping(grouping: Grouping | undefined): string {
  return grouping === undefined
    ? ''
    : ` ${grouping.without ? 'without' : 'by'} (${grouping.labels.join(', ')})`;
}

function printBinary(expression: BinaryOperation): string {
  const level = precedence.get(expression.operator) ?? 1;
  const fromRight = expression.operator === '^';
  const left = printOperand(expression.left, level, fromRight);
  const right = printOperand(expression.right, level, !fromRight);
  return [left, expression.operator, ...printModifier(expression), right].join(' ');
}

function printOperand(operand: MetricExpression, level: number, alsoEqual: boolean): string {
  const text = printMetric(operand);
  if (operand.kind !== 'binary') return text;
  const own = precedence.get(operand.operator) ?? 1;
  return own < level || (own === level && alsoEqual) ? `(${text})` : text;
}

function printModifier({ returnBool, matching }: BinaryOperation): readonly string[] {
  const words = returnBool ? ['bool'] : [];
  if (matching === undefined) return words;
  const labels = `${matching.on ? 'on' : 'ignoring'} (${matching.labels.join(', ')})`;
  const group = matching.group && `group_${matching.group.side} (${matching.group.include.join(', ')})`;
  return [...words, labels, ...(group === undefined ? [] : [group])];
}
