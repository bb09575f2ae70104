import type { NanoRange } from '@maru/query-core';
import { check } from '../check/check.ts';
import { notSupported } from '../syntax/error.ts';
import { categoryOf, parse } from '../syntax/parse.ts';
import { type ShownField, shownFields } from './shown-fields.ts';
import { planSpanset, type Spanset } from './spanset.ts';

/** A search, ready to run over one time range. */
export interface SearchPlan {
  readonly range: NanoRange;
  readonly spanset: Spanset;
  readonly shown: readonly ShownField[];
}

/**
 * Parses, checks and plans a search.
 *
 * @throws QueryError of kind `bad_data`, with the position, for what is wrong or not supported yet
 */
export function planSearch(text: string, range: NanoRange): SearchPlan {
  const query = parse(text);
  check(query, text);
  if (categoryOf(query.expression) !== 'spanset') {
    throw notSupported(text, query.expression.start, 'a metrics query');
  }
  const spanset = planSpanset(query.expression, { text, range });
  return { range, spanset, shown: shownFields(spanset.fields, text) };
}
