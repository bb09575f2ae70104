import { isComparison } from '../check/operators.ts';
import type { Notes } from '../evaluate/notes.ts';
import {
  addHistograms,
  type Combined,
  divideHistogram,
  equalHistograms,
  scaleHistogram,
  subtractHistograms,
} from '../histogram/combine.ts';
import type { NativeHistogram } from '../histogram/native-histogram.ts';
import { histogramNotes } from '../histogram/notes.ts';
import { trimHistogram } from '../histogram/trim.ts';
import type { Binary } from '../syntax/ast.ts';

/** A sample of either kind. */
export type SampleValue = number | NativeHistogram;

/** The operator does not work on samples of such kinds; a note says so. Two of them are no pair, so they take no other's place. */
export type Refused = 'refused';

/** A binary operator where at least one side is a histogram: the result, or `undefined` where a comparison does not hold. */
export type MixedOperation = (left: SampleValue, right: SampleValue) => SampleValue | Refused | undefined;

/** The operation of a node that is no set operator, for samples that are not both numbers. */
export function mixedOperationOf(binary: Binary, notes: Notes): MixedOperation {
  return (left, right) => {
    if (typeof left === 'number') {
      if (binary.operator === '*' && typeof right !== 'number') return scaleHistogram(right, left);
      return refuse(binary, left, right, notes);
    }
    return typeof right === 'number'
      ? withNumber(binary, left, right, notes)
      : withHistogram(binary, left, right, notes);
  };
}

function withNumber(
  binary: Binary,
  histogram: NativeHistogram,
  number: number,
  notes: Notes,
): SampleValue | Refused {
  switch (binary.operator) {
    case '*':
      return scaleHistogram(histogram, number);
    case '/':
      return divideHistogram(histogram, number);
    case '</':
      return trimHistogram(histogram, 'upTo', number);
    case '>/':
      return trimHistogram(histogram, 'from', number);
    default:
      return refuse(binary, histogram, number, notes);
  }
}

function withHistogram(
  binary: Binary,
  left: NativeHistogram,
  right: NativeHistogram,
  notes: Notes,
): SampleValue | Refused | undefined {
  const { operator, returnBool } = binary;
  if (operator === '+') return noted(binary, addHistograms(left, right), 'addition', notes);
  if (operator === '-') {
    const difference = noted(binary, subtractHistograms(left, right), 'subtraction', notes);
    return difference === 'refused' ? difference : { ...difference, resetHint: 'gauge' };
  }
  if (!isComparison(operator) || (operator !== '==' && operator !== '!=')) {
    return refuse(binary, left, right, notes);
  }
  const holds = equalHistograms(left, right) === (operator === '==');
  if (returnBool) return Number(holds);
  return holds ? left : undefined;
}

function noted(
  binary: Binary,
  combined: Combined | undefined,
  operation: 'addition' | 'subtraction',
  notes: Notes,
): NativeHistogram | Refused {
  if (combined === undefined) notes.warn(binary.span, histogramNotes.mixedSchemas(''));
  if (combined?.hintsCollide === true) notes.warn(binary.span, histogramNotes.hintsCollide(operation));
  if (combined?.wasReconciled === true) notes.info(binary.span, histogramNotes.reconciled(operation));
  return combined?.histogram ?? 'refused';
}

function refuse({ span, operator }: Binary, left: SampleValue, right: SampleValue, notes: Notes): Refused {
  const kind = (value: SampleValue) => (typeof value === 'number' ? 'float' : 'histogram');
  const types = `${kind(left)} ${operator} ${kind(right)}`;
  notes.info(span, `incompatible sample types encountered for binary operator "${operator}": ${types}`);
  return 'refused';
}
