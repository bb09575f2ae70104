import { stringify } from 'yaml';

/** What a template sees. */
export interface Scope {
  readonly Values: unknown;
  readonly Chart: Readonly<Record<string, string>>;
  readonly Release: Readonly<Record<string, string>>;
}

type Token = { readonly text: string } | { readonly action: string };

/**
 * Evaluates as much of Helm's templates as our chart keeps to: `.Values.a.b`, `if` (with `not`), `end`, and the pipeline
 * functions `quote`, `default`, `toYaml` and `nindent`. Throws for all else, so that the chart cannot outgrow its test.
 */
export function evaluate(template: string, scope: Scope): string {
  let output = '';
  // For each `if` that is open, whether it lets through.
  const open: boolean[] = [];
  for (const token of tokensOf(template)) {
    if ('text' in token) output += open.every(Boolean) ? token.text : '';
    else if (token.action.startsWith('if ')) open.push(isTrue(condition(token.action.slice(3), scope)));
    else if (token.action === 'end') {
      if (open.pop() === undefined) throw new Error('an end without an if');
    } else if (open.every(Boolean)) output += String(pipeline(token.action, scope) ?? '');
  }
  if (open.length > 0) throw new Error('an if without an end');
  return output;
}

/** `{{-` takes the white space before it away, `-}}` that after it. */
function tokensOf(template: string): readonly Token[] {
  const parts = template.split(/\{\{(.*?)\}\}/s);
  return parts.map((part, index) => {
    if (index % 2 === 1) return { action: part.replace(/^-/, '').replace(/-$/, '').trim() };
    const isTrimmedAtEnd = parts[index + 1]?.startsWith('-') === true;
    const isTrimmedAtStart = parts[index - 1]?.endsWith('-') === true;
    const text = isTrimmedAtEnd ? part.trimEnd() : part;
    return { text: isTrimmedAtStart ? text.trimStart() : text };
  });
}

function condition(text: string, scope: Scope): unknown {
  return text.startsWith('not ') ? !isTrue(operand(text.slice(4), scope)) : operand(text, scope);
}

function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== '' && value !== false && value !== 0;
}

function pipeline(text: string, scope: Scope): unknown {
  const [first = '', ...rest] = text.split('|').map((part) => part.trim());
  const start = first.startsWith('toYaml ') ? yaml(operand(first.slice(7), scope)) : operand(first, scope);
  return rest.reduce((value, step) => apply(step, value, scope), start);
}

function apply(step: string, value: unknown, scope: Scope): unknown {
  const [name = '', argument = ''] = step.split(/\s+/);
  if (name === 'quote') return JSON.stringify(String(value));
  if (name === 'default') return isTrue(value) ? value : operand(argument, scope);
  if (name === 'nindent') return `\n${String(value).replace(/^/gm, ' '.repeat(Number(argument)))}`;
  throw new Error(`the chart's test knows no function ${name}`);
}

function yaml(value: unknown): string {
  return stringify(value).trimEnd();
}

function operand(text: string, scope: Scope): unknown {
  if (!/^(?:\.\w+)+$/.test(text)) throw new Error(`the chart's test cannot evaluate ${text}`);
  const path = text.slice(1).split('.');
  return path.reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null || !(name in value))
      throw new Error(`${text} is in no values: ${name} is missing`);
    return (value as Readonly<Record<string, unknown>>)[name];
  }, scope);
}
