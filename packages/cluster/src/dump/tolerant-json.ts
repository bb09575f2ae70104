/** What a text that should be JSON held. */
export interface ParsedJson {
  readonly value: unknown;
  /** Index just behind the value. */
  readonly end: number;
  /** False when the text ended early and the value was closed where it was last whole. */
  readonly isComplete: boolean;
}

interface Scan {
  /** Index behind the outermost closing bracket, or -1 when the text ends before it. */
  readonly end: number;
  /** Up to here the text becomes JSON when `closers` are appended. */
  readonly safeEnd: number;
  readonly closers: string;
}

/**
 * Parses the object or array that begins at `start`. A text cut off in the middle (a terminal's scroll-back, `head`)
 * gives what was whole. Undefined when nothing can be made of it.
 */
export function parseTolerantJson(text: string, start: number): ParsedJson | undefined {
  const scan = scanBrackets(text, start);
  if (scan === undefined) return undefined;
  const isComplete = scan.end >= 0;
  const source = isComplete ? text.slice(start, scan.end) : text.slice(start, scan.safeEnd) + scan.closers;
  try {
    return { value: JSON.parse(source), end: isComplete ? scan.end : text.length, isComplete };
  } catch {
    return undefined;
  }
}

/** Deeper nesting than Kubernetes has (about 20) is not followed: JSON.parse would recurse with it. */
const maximalDepth = 200;

function scanBrackets(text: string, start: number): Scan | undefined {
  const closers: string[] = [];
  let safe = { end: start, closers: '' };
  let inString = false;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index++;
      else if (character === '"') inString = false;
      continue;
    }
    if (character === '"') inString = true;
    else if (character === '{' || character === '[') {
      closers.push(character === '{' ? '}' : ']');
      if (closers.length > maximalDepth) return undefined;
    } else if (character === '}' || character === ']') {
      if (closers.pop() !== character) return undefined;
      if (closers.length === 0) return { end: index + 1, safeEnd: index + 1, closers: '' };
      safe = { end: index + 1, closers: closing(closers) };
    } else if (character === ',') safe = { end: index, closers: closing(closers) };
  }
  return safe.end > start ? { end: -1, safeEnd: safe.end, closers: safe.closers } : undefined;
}

function closing(closers: readonly string[]): string {
  return closers.toReversed().join('');
}
