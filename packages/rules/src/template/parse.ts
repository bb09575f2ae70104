import { readGoString } from '@maru/query-core';
import type { Body, Command, Node, Operand, Pipeline, Template } from './ast.ts';
import { lexTemplate, type Piece, TemplateError, type Token } from './lexer.ts';

/** Reads a template of Go's `text/template`. `functions` are the names it may call. Throws a `TemplateError`. */
export function parseTemplate(template: string, functions: ReadonlySet<string>): Template {
  return new Parsing(lexTemplate(template), functions).template();
}

const opening: ReadonlySet<string> = new Set(['if', 'with', 'range', 'define', 'block']);
const maxDepth = 50;

class Parsing {
  readonly #pieces: readonly Piece[];
  readonly #functions: ReadonlySet<string>;
  readonly #defined = new Map<string, Body>();
  #at = 0;
  #loops = 0;
  #depth = 0;
  #scopes: string[][] = [['$', '$labels', '$externalLabels', '$externalURL', '$value']];

  constructor(pieces: readonly Piece[], functions: ReadonlySet<string>) {
    this.#pieces = pieces;
    this.#functions = functions;
  }

  template(): Template {
    const { body, end } = this.#body([]);
    if (end !== undefined) throw new TemplateError(`unexpected {{${end}}}`);
    return { body, defined: this.#defined };
  }

  /** Nodes up to one of the words that end a body, or to the end of the template. */
  #body(ends: readonly string[]): {
    readonly body: Body;
    readonly end: string | undefined;
    readonly rest: TokenList;
  } {
    this.#depth += 1;
    if (this.#depth > maxDepth) throw new TemplateError(`actions nest more than ${maxDepth} levels deep`);
    this.#scopes.push([]);
    const body: Node[] = [];
    while (this.#at < this.#pieces.length) {
      const piece = this.#pieces[this.#at++];
      if (piece?.kind === 'text') body.push(piece);
      else if (piece !== undefined) {
        const list = new TokenList(piece.tokens);
        const word = list.peek()?.kind === 'word' ? list.peek()?.text : undefined;
        if (word !== undefined && (word === 'end' || word === 'else')) {
          if (!ends.includes(word)) throw new TemplateError(`unexpected {{${word}}}`);
          list.next();
          this.#scopes.pop();
          this.#depth -= 1;
          return { body, end: word, rest: list };
        }
        body.push(...this.#action(word, list));
      }
    }
    if (ends.length > 0) throw new TemplateError('unexpected EOF: an {{end}} is missing');
    return { body, end: undefined, rest: new TokenList([]) };
  }

  #action(word: string | undefined, list: TokenList): readonly Node[] {
    if (word !== undefined && opening.has(word)) {
      list.next();
      return word === 'define' || word === 'block' ? this.#define(word, list) : [this.#branch(word, list)];
    }
    if (word === 'template') {
      list.next();
      const name = this.#name(list);
      return [{ kind: 'template', name, pipeline: list.isAtEnd ? undefined : this.#whole(list) }];
    }
    if (word === 'break' || word === 'continue') {
      if (this.#loops === 0) throw new TemplateError(`{{${word}}} outside {{range}}`);
      return [{ kind: word }];
    }
    return [{ kind: 'output', pipeline: this.#whole(list) }];
  }

  #branch(word: string, list: TokenList): Node {
    const kind = word === 'range' ? 'range' : word === 'with' ? 'with' : 'if';
    this.#scopes.push([]);
    const pipeline = this.#whole(list);
    if (kind === 'range') this.#loops += 1;
    const { body, end, rest } = this.#body(['end', 'else']);
    if (kind === 'range') this.#loops -= 1;
    const otherwise = end === 'else' ? this.#otherwise(rest) : [];
    this.#scopes.pop();
    return { kind, pipeline, body, otherwise };
  }

  #otherwise(rest: TokenList): Body {
    const next = rest.peek();
    if (next === undefined) return this.#body(['end']).body;
    if (next.text !== 'if' && next.text !== 'with')
      throw new TemplateError(`unexpected ${next.text} after else`);
    rest.next();
    return [this.#branch(next.text, rest)];
  }

  #define(word: string, list: TokenList): readonly Node[] {
    const name = this.#name(list);
    const pipeline = word === 'block' ? this.#whole(list) : undefined;
    const outside = this.#scopes;
    this.#scopes = [['$', '$labels', '$externalLabels', '$externalURL', '$value']];
    this.#defined.set(name, this.#body(['end']).body);
    this.#scopes = outside;
    return word === 'block' ? [{ kind: 'template', name, pipeline }] : [];
  }

  #name(list: TokenList): string {
    const token = list.next();
    if (token?.kind !== 'string') throw new TemplateError('the name of a template must be a string');
    return stringValue(token.text);
  }

  #whole(list: TokenList): Pipeline {
    const pipeline = this.#pipeline(list);
    const left = list.peek();
    if (left !== undefined) throw new TemplateError(`unexpected ${JSON.stringify(left.text)} in action`);
    return pipeline;
  }

  #pipeline(list: TokenList): Pipeline {
    const { variables, declares } = this.#assigned(list);
    const commands: Command[] = [this.#command(list)];
    while (list.takeMark('|')) commands.push(this.#command(list));
    if (declares) this.#scopes.at(-1)?.push(...variables);
    for (const name of variables) this.#mustBeKnown(name);
    return { variables, declares, commands };
  }

  #assigned(list: TokenList): Pick<Pipeline, 'variables' | 'declares'> {
    const start = list.position;
    const variables: string[] = [];
    do {
      const token = list.next();
      if (token?.kind !== 'variable') break;
      variables.push(token.text);
    } while (list.takeMark(','));
    const mark = list.next();
    if (variables.length > 0 && mark?.kind === 'mark' && (mark.text === ':=' || mark.text === '='))
      return { variables, declares: mark.text === ':=' };
    list.position = start;
    return { variables: [], declares: false };
  }

  #command(list: TokenList): Command {
    const operands: Operand[] = [];
    for (;;) {
      const next = list.peek();
      if (next === undefined || (next.kind === 'mark' && (next.text === '|' || next.text === ')'))) break;
      operands.push(this.#operand(list));
    }
    if (operands.length === 0) throw new TemplateError('missing value for command');
    const [first] = operands;
    if (operands.length > 1 && first?.kind === 'constant')
      throw new TemplateError(`can't give argument to non-function ${JSON.stringify(first.value)}`);
    return operands;
  }

  #operand(list: TokenList): Operand {
    const isField = list.peek()?.kind === 'field';
    const of = this.#primary(list);
    const names: string[] = [];
    while (list.peek()?.kind === 'field' && (list.peek()?.isJoined || (isField && names.length === 0)))
      names.push((list.next()?.text ?? '').slice(1));
    return names.length === 0 ? of : { kind: 'fields', of, names };
  }

  #primary(list: TokenList): Operand {
    const token = list.peek();
    if (token?.kind === 'field') return { kind: 'dot' };
    list.next();
    switch (token?.kind) {
      case 'string':
        return { kind: 'constant', value: stringValue(token.text) };
      case 'character':
        return { kind: 'constant', value: token.text.codePointAt(1) ?? 0 };
      case 'number':
        return {
          kind: 'constant',
          value: Number(token.text),
          isFloat: /[.eE]/.test(token.text) && !/^.?0x/i.test(token.text),
        };
      case 'variable':
        this.#mustBeKnown(token.text);
        return { kind: 'variable', name: token.text };
      case 'word':
        return this.#word(token.text);
      default:
        return this.#marked(token?.text, list);
    }
  }

  #marked(mark: string | undefined, list: TokenList): Operand {
    if (mark === '.') return { kind: 'dot' };
    if (mark !== '(')
      throw new TemplateError(`unexpected ${JSON.stringify(mark ?? 'end of action')} in command`);
    const pipeline = this.#pipeline(list);
    if (!list.takeMark(')')) throw new TemplateError('unclosed left parenthesis');
    return { kind: 'pipeline', pipeline };
  }

  #word(word: string): Operand {
    if (word === 'true' || word === 'false') return { kind: 'constant', value: word === 'true' };
    if (word === 'nil') return { kind: 'constant', value: null };
    if (!this.#functions.has(word)) throw new TemplateError(`function ${JSON.stringify(word)} not defined`);
    return { kind: 'function', name: word };
  }

  #mustBeKnown(name: string): void {
    if (!this.#scopes.some((scope) => scope.includes(name)))
      throw new TemplateError(`undefined variable ${JSON.stringify(name)}`);
  }
}

class TokenList {
  readonly #tokens: readonly Token[];
  position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.position >= this.#tokens.length;
  }

  peek(): Token | undefined {
    return this.#tokens[this.position];
  }

  next(): Token | undefined {
    return this.#tokens[this.position++];
  }

  takeMark(text: string): boolean {
    const token = this.peek();
    if (token?.kind !== 'mark' || token.text !== text) return false;
    this.position += 1;
    return true;
  }
}

function stringValue(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  const read = readGoString(text, 0);
  if ('value' in read) return read.value;
  throw new TemplateError(`malformed string constant ${text}`);
}
