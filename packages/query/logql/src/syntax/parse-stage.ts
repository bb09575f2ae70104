import { compilePattern } from '@maru/query-core';
import type {
  Extraction,
  LabelFormatItem,
  LabelName,
  LabelSelection,
  Matcher,
  Parser,
  Stage,
  Unwrap,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseLabelFilter } from './parse-label-filter.ts';
import { checkPattern, parseMatcher } from './parse-matcher.ts';

type ParseStage = (cursor: Cursor, start: number) => Stage;

/** The stages that begin with a word of their own; each reads on after it. Any other word begins a label filter. */
const stages: ReadonlyMap<string, ParseStage> = new Map<string, ParseStage>([
  ['json', (cursor, start) => parser('json', start, { extractions: parseExtractions(cursor) })],
  ['xml', (cursor, start) => parser('xml', start, { extractions: parseExtractions(cursor) })],
  ['logfmt', parseLogfmt],
  ['regexp', parseRegexp],
  ['pattern', (cursor, start) => parser('pattern', start, { pattern: cursor.expectString() })],
  ['unpack', (_, start) => parser('unpack', start, {})],
  ['line_format', (cursor, start) => ({ kind: 'lineFormat', template: cursor.expectString(), start })],
  [
    'label_format',
    (cursor, start) => ({ kind: 'labelFormat', formats: commaList(cursor, parseFormat), start }),
  ],
  ['decolorize', (_, start) => ({ kind: 'decolorize', start })],
  ['drop', (cursor, start) => parseSelection(cursor, 'drop', start)],
  ['keep', (cursor, start) => parseSelection(cursor, 'keep', start)],
  ['unwrap', parseUnwrap],
]);

/** A stage from its `|` on. */
export function parseStageAfterPipe(cursor: Cursor): Stage {
  cursor.expectOperator('|');
  const { token } = cursor;
  const isFilter =
    cursor.ahead(1).kind === 'operator' && !cursor.isOperator('|', 1) && !cursor.isOperator('[', 1);
  const parseStage = token.kind === 'word' ? stages.get(token.text) : undefined;
  if (parseStage === undefined || (isFilter && isComparisonAhead(cursor))) {
    return { kind: 'labelFilter', filter: parseLabelFilter(cursor), start: token.start };
  }
  cursor.next();
  return parseStage(cursor, token.start);
}

/** `| json = "x"` filters by a label that is called json. */
function isComparisonAhead(cursor: Cursor): boolean {
  return ['=', '==', '=~', '<', '<=', '>', '>='].some((operator) => cursor.isOperator(operator, 1));
}

function parser(
  name: Parser['name'],
  start: number,
  own: Partial<Pick<Parser, 'pattern' | 'flags' | 'extractions'>>,
): Parser {
  return { kind: 'parser', name, pattern: undefined, flags: [], extractions: [], ...own, start };
}

function parseLogfmt(cursor: Cursor, start: number): Parser {
  const flags: string[] = [];
  for (let { token } = cursor; token.kind === 'flag'; { token } = cursor) {
    if (token.text !== '--strict' && token.text !== '--keep-empty')
      throw cursor.unexpected('--strict or --keep-empty');
    flags.push(token.text);
    cursor.next();
  }
  return parser('logfmt', start, { flags, extractions: parseExtractions(cursor) });
}

function parseRegexp(cursor: Cursor, start: number): Parser {
  const patternStart = cursor.token.start;
  const pattern = cursor.expectString();
  checkPattern(cursor, patternStart, () => compilePattern(pattern));
  if (!/\(\?P?</.test(pattern))
    throw cursor.error(patternStart, 'at least one named capture must be supplied');
  return parser('regexp', start, { pattern });
}

/** `label="path", other` */
function parseExtractions(cursor: Cursor): readonly Extraction[] {
  return cursor.token.kind === 'word' ? commaList(cursor, parseExtraction) : [];
}

function parseExtraction(cursor: Cursor): Extraction {
  const { start } = cursor.token;
  const label = cursor.expectName('a label name');
  return { label, path: cursor.takeOperator('=') ? cursor.expectString() : label, start };
}

function parseFormat(cursor: Cursor): LabelFormatItem {
  const { start } = cursor.token;
  const label = cursor.expectName('a label name');
  cursor.expectOperator('=');
  const rename = cursor.token.kind === 'word';
  return { label, rename, value: rename ? cursor.expectName('a label name') : cursor.expectString(), start };
}

function parseSelection(cursor: Cursor, kind: LabelSelection['kind'], start: number): LabelSelection {
  return { kind, labels: commaList(cursor, parseNamedMatcher), start };
}

function parseNamedMatcher(cursor: Cursor): Matcher | LabelName {
  const { start } = cursor.token;
  if (['=', '!=', '=~', '!~'].some((operator) => cursor.isOperator(operator, 1))) return parseMatcher(cursor);
  return { name: cursor.expectName('a label name'), operator: undefined, start };
}

const conversions: ReadonlySet<string> = new Set(['bytes', 'duration', 'duration_seconds']);

function parseUnwrap(cursor: Cursor, start: number): Unwrap {
  const name = cursor.expectName('a label name');
  if (!conversions.has(name) || !cursor.takeOperator('('))
    return { kind: 'unwrap', label: name, conversion: undefined, start };
  const label = cursor.expectName('a label name');
  cursor.expectOperator(')');
  return { kind: 'unwrap', label, conversion: name as NonNullable<Unwrap['conversion']>, start };
}

function commaList<Item>(cursor: Cursor, parse: (cursor: Cursor) => Item): readonly Item[] {
  const items = [parse(cursor)];
  while (cursor.takeOperator(',')) items.push(parse(cursor));
  return items;
}
