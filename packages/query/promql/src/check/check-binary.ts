import type { Binary } from '../syntax/ast.ts';
import type { CheckContext } from './context.ts';
import { isComparison, isSetOperator } from './operators.ts';

/** Checks a binary operator's sides and modifiers, in Prometheus's order. */
export function checkBinary(context: CheckContext, binary: Binary): void {
  checkBool(context, binary);
  checkLabels(context, binary);
  checkSides(context, binary);
  checkMatching(context, binary);
  checkSupport(context, binary);
}

function checkBool(context: CheckContext, binary: Binary): void {
  if (binary.returnBool && !isComparison(binary.operator)) {
    context.fail(binary.span, 'bool modifier can only be used on comparison operators');
  }
  if (isComparison(binary.operator) && !binary.returnBool && context.typeOf(binary) === 'scalar') {
    context.fail(binary.span, 'comparisons between scalars must use BOOL modifier');
  }
}

function checkLabels(context: CheckContext, binary: Binary): void {
  const { mode, labels, include } = binary.matching;
  const shared = mode === 'on' ? labels.find((label) => include.includes(label)) : undefined;
  if (shared !== undefined) {
    context.fail(binary.span, `label "${shared}" must not occur in ON and GROUP clause at once`);
  }
}

function checkSides(context: CheckContext, binary: Binary): void {
  for (const side of [binary.left, binary.right]) {
    const type = context.typeOf(side);
    if (type !== 'scalar' && type !== 'vector') {
      context.fail(side.span, 'binary expression must contain only scalar and instant vector types');
    }
  }
}

function checkMatching(context: CheckContext, binary: Binary): void {
  const { matching, operator } = binary;
  const isSet = isSetOperator(operator);
  const hasScalar = [binary.left, binary.right].some((side) => context.typeOf(side) === 'scalar');
  if (hasScalar && matching.labels.length > 0) {
    context.fail(binary.span, 'vector matching only allowed between instant vectors');
  }
  if (hasScalar && isSet) {
    context.fail(binary.span, `set operator "${operator}" not allowed in binary scalar expression`);
  }
  if (isSet && matching.group !== undefined) {
    context.fail(binary.span, `no grouping allowed for "${operator}" operation`);
  }
}

function checkSupport(context: CheckContext, binary: Binary): void {
  const { fill } = binary.matching;
  if (fill.left !== undefined || fill.right !== undefined) {
    if (!context.settings.experimental) {
      context.fail(binary.span, 'fill modifiers are experimental and not enabled');
    }
    if (isSetOperator(binary.operator)) {
      context.fail(binary.span, `filling in missing series not allowed for "${binary.operator}" operation`);
    }
  }
}
