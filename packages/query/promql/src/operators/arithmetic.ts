import type { ArithmeticOperator, ComparisonOperator } from '../syntax/ast.ts';

export type Arithmetic = (left: number, right: number) => number;

/** Arithmetic on floats as Go does it, which is IEEE 754 but for `^`. */
export const arithmetic: Readonly<Record<ArithmeticOperator, Arithmetic>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': power,
  atan2: Math.atan2,
};

/** JavaScript has NaN for 1^NaN and (±1)^±Inf; C, Go and IEEE 754 have 1. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1;
  return base ** exponent;
}

export type Comparison = (left: number, right: number) => boolean;

export const comparisons: Readonly<Record<ComparisonOperator, Comparison>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '<': (left, right) => left < right,
  '>=': (left, right) => left >= right,
  '<=': (left, right) => left <= right,
};
