import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const proto: string = readFileSync(fileURLToPath(import.meta.resolve('@maru/otlp/otlp.proto')), 'utf8');

/** The proto's messages by name, each with its text and no comments. */
const messages: ReadonlyMap<string, string> = messagesOf(proto.replace(/\/\/.*$/gm, '').replace(/\s+/g, ' '));

/**
 * The schema of one message with those that it is made of, as text: a server has not our file. A request's whole schema would
 * be 5.6 kB of its address; of one signal it is 1.3 to 3.
 */
export function messageSchema(message: string): string {
  const wanted = new Set<string>();
  const add = (name: string): void => {
    if (wanted.has(name)) return;
    wanted.add(name);
    for (const [word] of (messages.get(name) ?? '').matchAll(/\b[A-Z]\w*/g))
      if (messages.has(word)) add(word);
  };
  add(message);
  const texts = [...messages].flatMap(([name, text]) => (wanted.has(name) ? [text] : []));
  return `syntax = "proto3"; ${texts.join(' ')}`;
}

function messagesOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const match of text.matchAll(/\b(?:message|enum) (\w+) \{/g))
    if (depthAt(text, match.index) === 0)
      found.set(match[1] ?? '', text.slice(match.index, closing(text, match.index)));
  return found;
}

function depthAt(text: string, end: number): number {
  const before = text.slice(0, end);
  return (before.match(/\{/g)?.length ?? 0) - (before.match(/\}/g)?.length ?? 0);
}

function closing(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (text[at] === '}' && depth === 0) return at + 1;
  }
  return text.length;
}
