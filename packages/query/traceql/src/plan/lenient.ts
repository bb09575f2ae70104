import { type NanoRange, QueryError } from '@maru/query-core';
import { tokenize } from '../syntax/lexer.ts';
import type { Token } from '../syntax/token.ts';
import { planSearch, type SearchPlan } from './plan-search.ts';

/**
 * Plans what of an unfinished query can be used, as an editor sends it while somebody types: the whole if it is valid,
 * else all its finished comparisons together, else nothing (undefined). Never throws for what was typed.
 *
 * @example `{ resource.cluster = }` gives nothing, `{ resource.cluster = "a" && name = }` the first comparison
 */
export function planLenient(text: string, range: NanoRange): SearchPlan | undefined {
  return tryPlan(text, range) ?? tryPlan(finishedComparisons(text), range);
}

function tryPlan(text: string, range: NanoRange): SearchPlan | undefined {
  if (text === '') return undefined;
  try {
    return planSearch(text, range);
  } catch (error) {
    if (error instanceof QueryError) return undefined;
    throw error;
  }
}

function finishedComparisons(text: string): string {
  const tokens = tokensUntilError(text);
  const found: string[] = [];
  for (let index = 0; index + 2 < tokens.length; index += 1) {
    const [field, operator, value] = tokens.slice(index, index + 3);
    if (field && operator && value && isComparison(field, operator, value))
      found.push(text.slice(field.start, value.end));
  }
  return found.length === 0 ? '' : `{ ${found.join(' && ')} }`;
}

/** The longest beginning of the text that is made of tokens; an open string is left out. */
function tokensUntilError(text: string): readonly Token[] {
  for (let end = text.length; end > 0; end = text.lastIndexOf(' ', end - 1)) {
    try {
      return tokenize(text.slice(0, end));
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
    }
  }
  return [];
}

const comparisons: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=', '=~', '!~']);
const valueKinds: ReadonlySet<string> = new Set(['string', 'int', 'float', 'duration', 'word']);

function isComparison(field: Token, operator: Token, value: Token): boolean {
  const isField = field.kind === 'attribute' || field.kind === 'intrinsic' || field.kind === 'word';
  return (
    isField && operator.kind === 'operator' && comparisons.has(operator.text) && valueKinds.has(value.kind)
  );
}
