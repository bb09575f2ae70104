import { isComparison, isSetOperator } from '../check/operators.ts';
import type { Binary } from '../syntax/ast.ts';
import { arithmetic, comparisons } from './arithmetic.ts';

/** A binary operator on two numbers: the result, or `undefined` where a comparison filters the sample out. */
export interface Operation {
  /** @param kept what a comparison that holds lets through */
  readonly compute: (left: number, right: number, kept: number) => number | undefined;
  /** Whether the result is no longer the metric itself. */
  readonly dropsName: boolean;
}

/** The operation of a node that is no set operator. */
export function operationOf(binary: Binary): Operation {
  const { operator, returnBool } = binary;
  if (isSetOperator(operator) || operator === '</' || operator === '>/') {
    throw new TypeError(`operator ${operator} does not work on single numbers`);
  }
  if (!isComparison(operator)) {
    const compute = arithmetic[operator];
    return { compute: (left, right) => compute(left, right), dropsName: true };
  }
  const holds = comparisons[operator];
  if (returnBool) return { compute: (left, right) => Number(holds(left, right)), dropsName: true };
  return { compute: (left, right, kept) => (holds(left, right) ? kept : undefined), dropsName: false };
}
