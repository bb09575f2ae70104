/** A condition that cannot be read; `column` counts from 1 within its text. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
  readonly column: number;

  constructor(column: number, sentence: string) {
    super(sentence);
    this.column = column;
  }
}

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'sign' | 'end';
  readonly text: string;
  readonly column: number;
}

const pattern =
  /(?<space>\s+)|(?<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|(?<string>"(?:[^"\\]|\\.)*")|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<sign>==|!=|<=|>=|[<>()[\],.])/y;

/** Cuts a condition into its words and signs. Throws a `ConditionError`. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) throw new ConditionError(at + 1, `${JSON.stringify(text[at])} has no meaning here`);
    const [kind, found] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    if (kind !== 'space') tokens.push({ kind: kind as Token['kind'], text: found ?? '', column: at + 1 });
    at += match[0].length;
  }
  return [...tokens, { kind: 'end', text: '', column: text.length + 1 }];
}
