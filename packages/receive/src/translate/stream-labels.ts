import { Malformed } from '@maru/otlp';

const pair = /\s*([a-zA-Z_][a-zA-Z0-9_.]*)\s*=\s*("(?:[^"\\]|\\.)*"|`[^`]*`)\s*(,|(?=\}))/y;

/** Reads the label set of a stream as Loki's clients print it: `{app="board", level="info"}`. */
export function parseStreamLabels(text: string): readonly (readonly [name: string, value: string])[] {
  const labels: (readonly [string, string])[] = [];
  let at = text.indexOf('{') + 1;
  if (at === 0) throw broken(text);
  while (!/^\s*\}\s*$/.test(text.slice(at, at + 10))) {
    pair.lastIndex = at;
    const match = pair.exec(text);
    if (match === null) throw broken(text);
    labels.push([match[1] ?? '', unquoted(match[2] ?? '""')]);
    at = pair.lastIndex;
  }
  return labels;
}

/** A string as Go writes it; what JSON does not have is written as JSON has it first. */
function unquoted(quoted: string): string {
  if (quoted.startsWith('`')) return quoted.slice(1, -1);
  const json = quoted.replace(/\\(x[0-9a-fA-F]{2}|U[0-9a-fA-F]{8}|[av'])/g, (_, escaped: string) =>
    JSON.stringify(String.fromCodePoint(codeOf(escaped))).slice(1, -1),
  );
  try {
    return JSON.parse(json) as string;
  } catch {
    throw broken(quoted);
  }
}

function codeOf(escaped: string): number {
  const simple: Readonly<Record<string, number>> = { a: 7, v: 11, "'": 39 };
  const code = simple[escaped] ?? Number.parseInt(escaped.slice(1), 16);
  return code > 0x10ffff ? 0xfffd : code;
}

function broken(text: string): Malformed {
  return new Malformed(
    0,
    `a stream's labels must be like {app="board"}, not ${JSON.stringify(text.slice(0, 100))}`,
  );
}
