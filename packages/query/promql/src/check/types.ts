import type { Aggregation, Binary, Expression } from '../syntax/ast.ts';

/** What an expression evaluates to. */
export type ValueType = 'scalar' | 'string' | 'vector' | 'matrix';

/** The types as Prometheus's errors name them. */
export const typeNames: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  string: 'string',
  vector: 'instant vector',
  matrix: 'range vector',
};

/** The result types of functions by name; `undefined` for a name that is no function. */
export type ReturnTypes = (name: string) => ValueType | undefined;

/** The type of an expression. Needs no checked expression: what cannot be told counts as an instant vector. */
export function typeOf(expression: Expression, returns: ReturnTypes): ValueType {
  switch (expression.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'vectorSelector':
    case 'aggregation':
      return 'vector';
    case 'matrixSelector':
    case 'subquery':
      return 'matrix';
    case 'call':
      return returns(expression.name) ?? 'vector';
    case 'binary':
      return typeOfBinary(expression, returns);
    case 'unary':
      return typeOf(expression.operand, returns);
    case 'parentheses':
      return typeOf(expression.inner, returns);
  }
}

function typeOfBinary(binary: Binary, returns: ReturnTypes): ValueType {
  const bothScalar = typeOf(binary.left, returns) === 'scalar' && typeOf(binary.right, returns) === 'scalar';
  return bothScalar ? 'scalar' : 'vector';
}

/** The type that an aggregation's parameter must have; `undefined` when it takes none. */
export function parameterTypeOf(aggregation: Aggregation): ValueType | undefined {
  if (aggregation.parameter === undefined) return undefined;
  return aggregation.operator === 'count_values' ? 'string' : 'scalar';
}
