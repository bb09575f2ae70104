/**
 * A double-quoted string literal as TraceQL, LogQL and PromQL read it: all three follow Go, of whose escapes JSON's are
 * a subset. Lone surrogates, which Go refuses, become U+FFFD.
 */
export function quoted(text: string): string {
  return JSON.stringify(text.toWellFormed());
}
