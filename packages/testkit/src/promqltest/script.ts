import { readSeriesLine, readStartLine, readTime, type SeriesLine, type StartLine } from '@maru/promql';

/** A script in the format of Prometheus's acceptance tests, command by command. */
export type Command = ClearCommand | LoadCommand | EvalCommand;

export interface ClearCommand {
  readonly kind: 'clear';
}

/** Point k of each series lies at k steps after 1970. */
export interface LoadCommand {
  readonly kind: 'load';
  readonly stepMs: number;
  readonly series: readonly SeriesLine[];
  readonly starts: readonly StartLine[];
  /** Whether classic histograms are to be there as native ones too. */
  readonly withNative: boolean;
}

export interface EvalCommand {
  readonly kind: 'eval';
  /** From 1, of the line that says `eval`. */
  readonly line: number;
  readonly expression: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0 for an instant query. */
  readonly stepMs: number;
  readonly expected: Expectation;
}

/** What a query must give. */
export interface Expectation {
  readonly series: readonly SeriesLine[];
  readonly scalar: number | undefined;
  readonly text: string | undefined;
  readonly isOrdered: boolean;
  /** The times of the points, where they are not those of the query. */
  readonly range: { readonly startMs: number; readonly endMs: number; readonly stepMs: number } | undefined;
  readonly outcome: readonly OutcomeExpectation[];
}

/** `expect fail`, `expect warn msg: …` and the like. */
export interface OutcomeExpectation {
  readonly kind: 'fail' | 'warn' | 'info' | 'no_warn' | 'no_info';
  readonly matches: (text: string) => boolean;
}

/** Reads a script. Throws SyntaxError with the line of what it cannot read. */
export function readScript(text: string): readonly Command[] {
  const lines = text.split('\n').map((line) => line.replace(/^\s*#.*$/, ''));
  const commands: Command[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = endOfBlock(lines, at);
    const head = (lines[at] ?? '').trim();
    if (head !== '') commands.push(readCommand(head, lines.slice(at + 1, end), at + 1));
    at = end;
  }
  return commands;
}

/** A block ends at the next line that is not indented, or at an empty one. */
function endOfBlock(lines: readonly string[], from: number): number {
  let end = from + 1;
  while (end < lines.length && isInBlock(lines, end)) end += 1;
  return end;
}

/** Comments inside a block have become empty lines; the block goes on when an indented line that is no command follows. */
function isInBlock(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  return line.trim() !== '' && !/^\s*(clear|load|load_with_nhcb|eval\w*)\b(\s|$)/.test(line);
}

function readCommand(head: string, block: readonly string[], line: number): Command {
  try {
    if (head === 'clear') return { kind: 'clear' };
    if (head.startsWith('load')) return readLoad(head, block);
    return readEval(head, block, line);
  } catch (error) {
    throw new SyntaxError(`cannot read line ${line}, ${JSON.stringify(head)}: ${String(error)}`);
  }
}

function readLoad(head: string, block: readonly string[]): LoadCommand {
  const [word, step = ''] = head.split(/\s+/);
  const lines = block.map((line) => line.trim()).filter((line) => line !== '');
  const starts = lines.filter((line) => startLine.test(line)).map(readStartLine);
  return {
    kind: 'load',
    stepMs: readTime(step),
    series: lines.filter((line) => !startLine.test(line)).map(readSeriesLine),
    starts,
    withNative: word === 'load_with_nhcb',
  };
}

/** `series@st …`: when the counters of the samples of `series` began. */
const startLine = /[}\w]@st\s/;

const instantHead = /^eval(_\w+)?\s+instant\s+at\s+(\S+)\s+(.*)$/;
const rangeHead = /^eval(_\w+)?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.*)$/;

function readEval(head: string, block: readonly string[], line: number): EvalCommand {
  const instant = instantHead.exec(head);
  if (instant !== null) {
    const [, suffix, at = '', expression = ''] = instant;
    const time = readTime(at);
    const expected = readExpectation(block, suffix, false);
    return { kind: 'eval', line, expression, startMs: time, endMs: time, stepMs: 0, expected };
  }
  const range = rangeHead.exec(head);
  if (range === null) throw new SyntaxError('no command');
  const [, suffix, from = '', to = '', step = '', expression = ''] = range;
  const times = { startMs: readTime(from), endMs: readTime(to), stepMs: readTime(step) };
  return { kind: 'eval', line, expression, ...times, expected: readExpectation(block, suffix, true) };
}

function readExpectation(
  block: readonly string[],
  suffix: string | undefined,
  isRange: boolean,
): Expectation {
  const lines = block.map((line) => line.trim());
  const expects = lines.filter((line) => /^(expect|expected_)/.test(line));
  const rest = lines.filter((line) => !/^(expect|expected_)/.test(line));
  const scalarText = rest.length === 1 && !isRange && isNumber(rest[0] ?? '') ? rest[0] : undefined;
  return {
    series: scalarText === undefined ? rest.map(readSeriesLine) : [],
    scalar: scalarText === undefined ? undefined : Number(scalarText.replace(/inf$/i, 'Infinity')),
    text: expects.map(readExpectedText).find((text) => text !== undefined),
    isOrdered: suffix === '_ordered' || expects.includes('expect ordered'),
    range: expects.map(readExpectedRange).find((range) => range !== undefined),
    outcome: [...suffixOutcome(suffix, expects), ...expects.flatMap(readOutcome)],
  };
}

function isNumber(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^[+-]?Inf$|^NaN$/i.test(text);
}

function readExpectedText(line: string): string | undefined {
  const match = /^expect string\s+(["'`])(.*)\1$/.exec(line);
  return match?.[2];
}

function readExpectedRange(line: string): Expectation['range'] {
  const match = /^expect range vector from (\S+) to (\S+) step (\S+)$/.exec(line);
  if (match === null) return undefined;
  const [, from = '', to = '', step = ''] = match;
  return { startMs: readTime(from), endMs: readTime(to), stepMs: readTime(step) };
}

const anyText = (): boolean => true;

function suffixOutcome(
  suffix: string | undefined,
  expects: readonly string[],
): readonly OutcomeExpectation[] {
  if (suffix === '_fail') return [{ kind: 'fail', matches: failureMatcher(expects) }];
  if (suffix === '_warn' || suffix === '_info') {
    return [{ kind: suffix === '_warn' ? 'warn' : 'info', matches: anyText }];
  }
  return [];
}

function failureMatcher(expects: readonly string[]): (text: string) => boolean {
  const message = expects.map((line) => /^expected_fail_message\s+(.*)$/.exec(line)?.[1]).find(Boolean);
  return message === undefined ? anyText : (text) => text.includes(message);
}

function readOutcome(line: string): readonly OutcomeExpectation[] {
  const match = /^expect (fail|warn|info|no_warn|no_info)(?:\s+(msg|regex):\s*(.*))?$/.exec(line);
  if (match === null) return [];
  const [, kind, form, wanted = ''] = match;
  return [{ kind: kind as OutcomeExpectation['kind'], matches: textMatcher(form, wanted) }];
}

/** The scripts are the project's own test input, so their patterns may be JavaScript's. */
function textMatcher(form: string | undefined, wanted: string): (text: string) => boolean {
  if (form === undefined) return anyText;
  if (form === 'msg') return (text) => text.includes(wanted);
  const pattern = new RegExp(wanted);
  return (text) => pattern.test(text);
}
