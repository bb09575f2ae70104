import { isComparison, isSetOperator } from '../check/operators.ts';
import type { Notes } from '../evaluate/notes.ts';
import type { Binary } from '../syntax/ast.ts';
import { arithmetic, comparisons } from './arithmetic.ts';
import { type MixedOperation, mixedOperationOf, type Refused } from './histogram-operation.ts';

/** A binary operator on two samples. */
export interface Operation {
  /**
   * Two numbers: the result, or `undefined` where a comparison filters the sample out.
   *
   * @param kept what a comparison that holds lets through
   */
  readonly compute: (left: number, right: number, kept: number) => number | Refused | undefined;
  /** At least one histogram. */
  readonly mixed: MixedOperation;
  /** Whether the result is no longer the metric itself. */
  readonly dropsName: boolean;
}

/** The operation of a node that is no set operator. */
export function operationOf(binary: Binary, notes: Notes): Operation {
  const { operator, returnBool } = binary;
  const mixed = mixedOperationOf(binary, notes);
  if (isSetOperator(operator)) throw new TypeError(`operator ${operator} does not work on single samples`);
  if (operator === '</' || operator === '>/') {
    const compute = (left: number, right: number): Refused => {
      mixed(left, right);
      return 'refused';
    };
    return { compute, mixed, dropsName: false };
  }
  if (!isComparison(operator)) {
    const compute = arithmetic[operator];
    return { compute: (left, right) => compute(left, right), mixed, dropsName: true };
  }
  const holds = comparisons[operator];
  if (returnBool) return { compute: (left, right) => Number(holds(left, right)), mixed, dropsName: true };
  return {
    compute: (left, right, kept) => (holds(left, right) ? kept : undefined),
    mixed,
    dropsName: false,
  };
}
