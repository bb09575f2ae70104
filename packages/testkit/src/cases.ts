/** One evaluation of a case file. */
export interface Case {
  /** 1-based line of the `eval`, for the report. */
  readonly line: number;
  /** What follows `eval` before the query, such as `search`. */
  readonly words: readonly string[];
  readonly query: string;
  /** The lines that are expected, trimmed. */
  readonly expected: readonly string[];
}

/** A case file: what is loaded, then what is asked. */
export interface CaseFile {
  /** The lines below `load`, with their indentation. */
  readonly load: readonly string[];
  readonly cases: readonly Case[];
}

/**
 * Reads a case file. `#` begins a comment line; `load` and `eval <words>: <query>` begin blocks; a block's lines are
 * indented.
 */
export function readCases(text: string): CaseFile {
  const load: string[] = [];
  const cases: Case[] = [];
  let block: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    if (/^\s/.test(line)) block.push(line);
    else if (line.trim() === 'load') block = load;
    else {
      const { words, query } = readEval(line, index + 1);
      block = [];
      cases.push({ line: index + 1, words, query, expected: block });
    }
  }
  return {
    load,
    cases: cases.map((each) => ({ ...each, expected: each.expected.map((line) => line.trim()) })),
  };
}

function readEval(line: string, number: number): Pick<Case, 'words' | 'query'> {
  const match = /^eval((?:\s[^:\s]+)*):\s(.*)$/.exec(line);
  if (match === null) throw new Error(`line ${number} is neither load nor eval: ${line}`);
  return { words: (match[1] ?? '').trim().split(/\s+/), query: (match[2] ?? '').trim() };
}
