import { eachSample, type FunctionDefinition } from '../definition.ts';

/** Functions that need no more than a line each: a number to a number, in radians where angles are meant. */
export const mathFunctions: readonly FunctionDefinition[] = [
  eachSample('abs', 'absolute value', Math.abs),
  eachSample('ceil', 'rounded up', Math.ceil),
  eachSample('floor', 'rounded down', Math.floor),
  eachSample('exp', 'e to the power of the value', Math.exp),
  eachSample('ln', 'natural logarithm', Math.log),
  eachSample('log2', 'logarithm to base 2', Math.log2),
  eachSample('log10', 'logarithm to base 10', Math.log10),
  eachSample('sqrt', 'square root', Math.sqrt),
  eachSample('sgn', 'sign: -1, 0 or 1', Math.sign),
  eachSample('acos', 'arc cosine', Math.acos),
  eachSample('acosh', 'inverse hyperbolic cosine', Math.acosh),
  eachSample('asin', 'arc sine', Math.asin),
  eachSample('asinh', 'inverse hyperbolic sine', Math.asinh),
  eachSample('atan', 'arc tangent', Math.atan),
  eachSample('atanh', 'inverse hyperbolic tangent', Math.atanh),
  eachSample('cos', 'cosine', Math.cos),
  eachSample('cosh', 'hyperbolic cosine', Math.cosh),
  eachSample('sin', 'sine', Math.sin),
  eachSample('sinh', 'hyperbolic sine', Math.sinh),
  eachSample('tan', 'tangent', Math.tan),
  eachSample('tanh', 'hyperbolic tangent', Math.tanh),
  eachSample('deg', 'radians to degrees', (value) => (value * 180) / Math.PI),
  eachSample('rad', 'degrees to radians', (value) => (value * Math.PI) / 180),
];
