/** A line of an indented text (`kubectl describe`) with the lines that stand deeper below it. */
export interface Indented {
  readonly text: string;
  /** Before the first colon, when the line is `Key: value` or `Key:`; else empty. */
  readonly key: string;
  /** Behind that colon. */
  readonly value: string;
  /** 1-based, in the file. */
  readonly line: number;
  readonly children: readonly Indented[];
}

interface Open extends Indented {
  readonly indent: number;
  readonly children: Open[];
}

/** Reads lines by their indentation. Never fails: what fits nowhere becomes a line without a key. */
export function parseIndented(lines: readonly string[], firstLine: number): readonly Indented[] {
  const roots: Open[] = [];
  const open: Open[] = [];
  lines.forEach((raw, index) => {
    if (raw.trim() === '') return;
    const node = openNode(raw, firstLine + index);
    while ((open.at(-1)?.indent ?? -1) >= node.indent) open.pop();
    (open.at(-1)?.children ?? roots).push(node);
    open.push(node);
  });
  return roots;
}

function openNode(raw: string, line: number): Open {
  const text = raw.trim();
  const match = /^([^:]{1,120}):(?:\s+(.*))?$/.exec(text);
  const indent = raw.length - raw.trimStart().length;
  return { text, key: match?.[1] ?? '', value: match?.[2] ?? '', line, indent, children: [] };
}

/** The first of these nodes with that key. */
export function child(nodes: readonly Indented[], key: string): Indented | undefined {
  return nodes.find((node) => node.key === key);
}

/** Its value, empty when it is not there or says `<none>`, `<unset>`. */
export function fieldOf(nodes: readonly Indented[], key: string): string {
  const value = child(nodes, key)?.value ?? '';
  return /^<(?:none|unset|unknown)>$/.test(value) ? '' : value;
}

/** The value and the lines below it, each as text: `Labels:  a=b` with `c=d` under it. */
export function linesOf(node: Indented | undefined): readonly string[] {
  if (node === undefined) return [];
  return [node.value, ...node.children.map(({ text }) => text)].filter(
    (text) => text !== '' && text !== '<none>',
  );
}
