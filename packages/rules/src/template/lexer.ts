/** A piece of a template: text, or what stands between `{{` and `}}`. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly tokens: readonly Token[]; readonly at: number };

export interface Token {
  readonly kind: 'word' | 'field' | 'variable' | 'string' | 'number' | 'character' | 'mark';
  /** As it stands; of a string its value. */
  readonly text: string;
  /** Whether it follows the one before without a space: `.a.b` is one operand, `.a .b` are two. */
  readonly isJoined: boolean;
}

/** What is wrong with a template, in one sentence. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** Cuts a template of Go's `text/template` into text and actions. Throws a `TemplateError`. */
export function lexTemplate(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trims = false;
  while (at < template.length) {
    const open = template.indexOf('{{', at);
    const text = template.slice(at, open === -1 ? undefined : open);
    const leftTrims = open !== -1 && /^\{\{-\s/.test(template.slice(open, open + 4));
    pushText(pieces, text, trims, leftTrims);
    if (open === -1) return pieces;
    const close = endOfAction(template, open);
    const inner = template.slice(open + (leftTrims ? 3 : 2), close);
    trims = /\s-$/.test(inner);
    const body = (trims ? inner.slice(0, -1) : inner).trim();
    if (!isComment(body)) pieces.push({ kind: 'action', tokens: tokens(body), at: open });
    at = close + 2;
  }
  return pieces;
}

function pushText(pieces: Piece[], text: string, trimsStart: boolean, trimsEnd: boolean): void {
  const started = trimsStart ? text.trimStart() : text;
  const trimmed = trimsEnd ? started.trimEnd() : started;
  if (trimmed !== '') pieces.push({ kind: 'text', text: trimmed });
}

function isComment(body: string): boolean {
  return body.startsWith('/*') && body.endsWith('*/');
}

/** Where `}}` stands that is in no string. */
function endOfAction(template: string, open: number): number {
  const strings = /"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])+'|\/\*[\s\S]*?\*\/|\}\}/y;
  for (let at = open + 2; at < template.length; ) {
    strings.lastIndex = at;
    const found = strings.exec(template);
    if (found?.[0] === '}}') return at;
    at += found === null ? 1 : found[0].length;
  }
  throw new TemplateError('an action that begins with {{ has no }}');
}

const tokenPattern =
  /\s+|(?<string>"(?:\\.|[^"\\])*"|`[^`]*`)|(?<character>'(?:\\.|[^'\\])')|(?<variable>\$[\p{L}_0-9]*)|(?<field>\.[\p{L}_][\p{L}\p{N}_]*)|(?<number>[+-]?(?:0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?))|(?<word>[\p{L}_][\p{L}\p{N}_]*)|(?<mark>:=|[|().,=])/uy;

function tokens(body: string): readonly Token[] {
  const found: Token[] = [];
  let isJoined = false;
  for (let at = 0; at < body.length; ) {
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(body);
    if (match === null)
      throw new TemplateError(`unexpected ${JSON.stringify(body.slice(at, at + 10))} in action`);
    at = tokenPattern.lastIndex;
    const [kind, text] = Object.entries(match.groups ?? {}).find(([, group]) => group !== undefined) ?? [];
    isJoined =
      kind !== undefined &&
      text !== undefined &&
      found.push({ kind: kind as Token['kind'], text, isJoined }) > 0;
  }
  return found;
}
