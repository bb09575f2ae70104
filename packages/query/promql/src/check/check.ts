import { compileMatcher, metricName, QueryError, type Span } from '@maru/query-core';
import type { FunctionDefinition } from '../functions/definition.ts';
import { functionNamed } from '../functions/table.ts';
import type { PromqlSettings } from '../settings.ts';
import {
  type Aggregation,
  type Call,
  childrenOf,
  type Expression,
  type MatrixSelector,
  type Modifiers,
  type Subquery,
  type Unary,
  unwrapParentheses,
  type VectorSelector,
} from '../syntax/ast.ts';
import { parseError } from '../syntax/cursor.ts';
import { checkBinary } from './check-binary.ts';
import { checkDuration } from './check-duration.ts';
import type { CheckContext } from './context.ts';
import { parameterTypeOf, typeNames, typeOf, type ValueType } from './types.ts';

/**
 * Checks types, argument counts, matchers and what is switched off or not supported yet.
 *
 * @param text the query that `expression` was parsed from, for the positions in errors
 * @throws QueryError of kind `bad_data`, in Prometheus's words
 */
export function check(text: string, expression: Expression, settings: PromqlSettings): void {
  const context: CheckContext = {
    text,
    settings,
    fail: (span, message) => {
      throw parseError(text, span, message);
    },
    typeOf: (node) => typeOf(node, (name) => functionNamed(name)?.returns),
  };
  checkNode(context, expression);
}

function checkNode(context: CheckContext, expression: Expression): void {
  for (const child of checkedChildren(context, expression)) checkNode(context, child);
  checkOne(context, expression);
}

/** The selector of `info` is of labels only, and may match all; its name is said elsewhere. */
function checkedChildren(context: CheckContext, expression: Expression): readonly Expression[] {
  const children = childrenOf(expression);
  const [base, selector] = children;
  if (expression.kind !== 'call' || expression.name !== 'info' || base === undefined) return children;
  if (selector !== undefined && unwrapParentheses(selector).kind !== 'vectorSelector') {
    context.fail(selector.span, 'expected label selectors as the second argument to the info() function');
  }
  return [base];
}

function checkOne(context: CheckContext, node: Expression): void {
  if (node.kind === 'vectorSelector') checkSelector(context, node);
  else if (node.kind === 'matrixSelector') checkRange(context, node);
  else if (node.kind === 'subquery') checkSubquery(context, node);
  else if (node.kind === 'call') checkCall(context, node);
  else if (node.kind === 'aggregation') checkAggregation(context, node);
  else if (node.kind === 'binary') checkBinary(context, node);
  else if (node.kind === 'unary') checkUnary(context, node);
}

function checkSelector(context: CheckContext, selector: VectorSelector): void {
  const tests = selector.matchers.map((matcher) => compiled(context, selector, matcher));
  if (tests.every((matches) => matches(''))) {
    context.fail(selector.span, 'vector selector must contain at least one non-empty matcher');
  }
  const names = selector.matchers.filter(
    (matcher) => matcher.name === metricName && matcher.operator === '=',
  );
  if (names.length > 1 && selector.name !== '') {
    context.fail(
      selector.span,
      `metric name must not be set twice: "${names[0]?.value}" or "${names[1]?.value}"`,
    );
  }
  checkModifiers(context, selector, selector.span);
}

/** Functions that know what to do with samples around the range. */
const extendedFunctions = {
  anchored: ['changes', 'delta', 'increase', 'rate', 'resets'],
  smoothed: ['delta', 'increase', 'rate'],
} as const;

function checkRangeMode(context: CheckContext, call: Call, argument: Expression): void {
  const inner = unwrapParentheses(argument);
  const mode = inner.kind === 'matrixSelector' ? inner.selector.rangeMode : undefined;
  const allowed: readonly string[] = mode === undefined ? [call.name] : extendedFunctions[mode];
  if (allowed.includes(call.name)) return;
  const list = allowed.join(', ');
  context.fail(argument.span, `${mode} modifier can only be used with: ${list} - not with ${call.name}`);
}

function compiled(
  context: CheckContext,
  selector: VectorSelector,
  matcher: VectorSelector['matchers'][number],
): (value: string) => boolean {
  try {
    return compileMatcher(matcher);
  } catch (error) {
    if (error instanceof QueryError) context.fail(selector.span, error.message);
    throw error;
  }
}

function checkModifiers(context: CheckContext, modifiers: Modifiers, span: Span): void {
  if (modifiers.offset !== undefined) checkDuration(context, modifiers.offset, 'any');
  if (modifiers.rangeMode === undefined) return;
  if (!context.settings.experimental) {
    context.fail(span, `${modifiers.rangeMode} modifier is experimental and not enabled`);
  }
}

function checkRange(context: CheckContext, matrix: MatrixSelector): void {
  checkDuration(context, matrix.range, 'positive');
}

function checkSubquery(context: CheckContext, subquery: Subquery): void {
  const type = context.typeOf(subquery.expression);
  if (type !== 'vector') {
    context.fail(subquery.span, `subquery is only allowed on instant vector, got ${type} instead`);
  }
  checkDuration(context, subquery.range, 'positive');
  if (subquery.step !== undefined) checkDuration(context, subquery.step, 'positive');
  checkModifiers(context, subquery, subquery.span);
}

function checkCall(context: CheckContext, call: Call): void {
  const definition = functionNamed(call.name);
  if (definition === undefined) context.fail(call.span, `unknown function with name "${call.name}"`);
  if (definition.isExperimental === true && !context.settings.experimental) {
    context.fail(call.span, `function "${call.name}" is not enabled`);
  }
  checkArgumentCount(context, call, definition);
  call.arguments.forEach((argument, index) => {
    const wanted = definition.parameters[Math.min(index, definition.parameters.length - 1)];
    checkRangeMode(context, call, argument);
    if (wanted !== undefined) expectType(context, argument, wanted, `call to function "${call.name}"`);
  });
}

function checkArgumentCount(context: CheckContext, call: Call, definition: FunctionDefinition): void {
  const got = call.arguments.length;
  const most = definition.parameters.length;
  const least = most - definition.optionalCount;
  const where = `in call to "${call.name}", got ${got}`;
  if (least === most && !definition.isVariadic && got !== most) {
    context.fail(call.span, `expected ${most} argument(s) ${where}`);
  }
  if (got < least) context.fail(call.span, `expected at least ${least} argument(s) ${where}`);
  if (got > most && !definition.isVariadic) {
    context.fail(call.span, `expected at most ${most} argument(s) ${where}`);
  }
}

function checkAggregation(context: CheckContext, aggregation: Aggregation): void {
  expectType(context, aggregation.expression, 'vector', 'aggregation expression');
  const wanted = parameterTypeOf(aggregation);
  if (wanted !== undefined && aggregation.parameter !== undefined) {
    expectType(context, aggregation.parameter, wanted, 'aggregation parameter');
  }
  const isExperimental = aggregation.operator.startsWith('limit');
  if (isExperimental && !context.settings.experimental) {
    context.fail(aggregation.span, `${aggregation.operator}() is experimental and is not enabled`);
  }
}

function checkUnary(context: CheckContext, unary: Unary): void {
  const type = context.typeOf(unary.operand);
  if (type === 'scalar' || type === 'vector') return;
  context.fail(
    unary.span,
    `unary expression only allowed on expressions of type scalar or instant vector, got "${typeNames[type]}"`,
  );
}

function expectType(context: CheckContext, node: Expression, wanted: ValueType, where: string): void {
  const type = context.typeOf(node);
  if (type === wanted) return;
  context.fail(node.span, `expected type ${typeNames[wanted]} in ${where}, got ${typeNames[type]}`);
}
