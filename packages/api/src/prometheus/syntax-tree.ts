import {
  type Binary,
  type Call,
  type DurationExpression,
  type Expression,
  functionNamed,
  type Modifiers,
  type VectorSelector,
  valueTypeOf,
} from '@maru/promql';
import { printFloat, QueryError } from '@maru/query-core';

/**
 * A node of a query's tree in the JSON of Prometheus's `parse_query`. Durations are milliseconds; `timestamp` and
 * `startOrEnd` say what `@` names.
 */
export interface TreeNode {
  readonly type: string;
  readonly [member: string]: unknown;
}

/**
 * Throws QueryError where a length of time is an expression, which this form cannot show.
 */
export function treeOf(expression: Expression): TreeNode {
  switch (expression.kind) {
    case 'number':
      return { type: 'numberLiteral', val: printFloat(expression.value) };
    case 'string':
      return { type: 'stringLiteral', val: expression.value };
    case 'vectorSelector':
      return { type: 'vectorSelector', ...selectorMembers(expression) };
    case 'matrixSelector': {
      const range = milliseconds(expression.range);
      return { type: 'matrixSelector', ...selectorMembers(expression.selector), range };
    }
    case 'subquery': {
      const { range, step } = expression;
      const times = { range: milliseconds(range), step: step === undefined ? 0 : milliseconds(step) };
      return {
        type: 'subquery',
        expr: treeOf(expression.expression),
        ...times,
        ...modifierMembers(expression),
      };
    }
    case 'call':
      return { type: 'call', func: functionMembers(expression), args: expression.arguments.map(treeOf) };
    case 'aggregation': {
      const { operator, parameter, grouping, without } = expression;
      const param = parameter === undefined ? null : treeOf(parameter);
      return {
        type: 'aggregation',
        op: operator,
        expr: treeOf(expression.expression),
        param,
        grouping,
        without,
      };
    }
    case 'binary':
      return binaryNode(expression);
    case 'unary':
      return { type: 'unaryExpr', op: expression.operator, expr: treeOf(expression.operand) };
    case 'parentheses':
      return { type: 'parenExpr', expr: treeOf(expression.inner) };
  }
}

function selectorMembers(selector: VectorSelector): object {
  const matchers = selector.matchers.map(({ name, operator, value }) => ({ name, value, type: operator }));
  return { name: selector.name, matchers, ...modifierMembers(selector) };
}

function modifierMembers({ offset, at }: Modifiers): object {
  return {
    offset: offset === undefined ? 0 : milliseconds(offset),
    timestamp: at?.kind === 'timestamp' ? at.milliseconds : null,
    startOrEnd: at === undefined || at.kind === 'timestamp' ? null : at.kind,
  };
}

function milliseconds(duration: DurationExpression): number {
  switch (duration.kind) {
    case 'literal':
      return Math.round(duration.seconds * 1000);
    case 'unary':
      return (duration.operator === '-' ? -1 : 1) * milliseconds(duration.operand);
    case 'parentheses':
      return milliseconds(duration.inner);
    default:
      throw new QueryError(
        'execution',
        'parse_query cannot show a length of time that is an expression: write it as one duration, such as 5m',
      );
  }
}

function functionMembers({ name }: Call): object {
  const definition = functionNamed(name);
  if (definition === undefined) throw new TypeError(`function ${name} was not refused by the check`);
  const { parameters, isVariadic, optionalCount, returns } = definition;
  // As in Prometheus: how many arguments may be left out, or -1 for any number more.
  const variadic = isVariadic ? -1 : optionalCount;
  return { name, argTypes: parameters, variadic, returnType: returns };
}

function binaryNode(binary: Binary): TreeNode {
  const { operator, left, right, returnBool } = binary;
  const isOfVectors = valueTypeOf(left) === 'vector' && valueTypeOf(right) === 'vector';
  const sides = { lhs: treeOf(left), rhs: treeOf(right) };
  const matching = isOfVectors ? matchingMembers(binary) : null;
  return { type: 'binaryExpr', op: operator, ...sides, matching, bool: returnBool };
}

function matchingMembers({ operator, matching }: Binary): object {
  const { mode, labels, include, group } = matching;
  const isSet = operator === 'and' || operator === 'or' || operator === 'unless';
  const cards = { left: 'many-to-one', right: 'one-to-many' } as const;
  const card = isSet ? 'many-to-many' : group === undefined ? 'one-to-one' : cards[group];
  return { card, labels, on: mode === 'on', include };
}
