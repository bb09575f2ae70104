import type { Span } from './trace.ts';

/** A span at its place in the tree. */
export interface SpanRow {
  readonly span: Span;
  /** 0 for roots. */
  readonly depth: number;
  /** How many spans hang under this one, itself not counted: row `i` and the next `descendants` rows are its subtree. */
  readonly descendants: number;
  /** Nanoseconds after the start of the trace. */
  readonly offsetNanos: number;
  /** It names a parent that the trace does not hold (not arrived, or rejected). */
  readonly isOrphan: boolean;
  /** How long before its parent it starts, beyond what browsers round away: the clocks of two machines differ. 0: none. */
  readonly skewNanos: number;
}

export interface ServiceShare {
  readonly service: string;
  readonly spans: number;
  readonly errors: number;
}

/** A trace as the waterfall shows it. */
export interface TraceTree {
  /** Depth first, siblings by start. */
  readonly rows: readonly SpanRow[];
  readonly startUnixNano: bigint;
  readonly durationNanos: number;
  readonly errors: number;
  readonly orphans: number;
  readonly services: readonly ServiceShare[];
}

/** Browsers round their clocks to 100 µs or 1 ms, so less than this is no skew. */
const skewToleranceNanos = 1_000_000;

interface Node {
  readonly span: Span;
  readonly parent: Node | undefined;
  readonly isOrphan: boolean;
  readonly children: Node[];
}

/**
 * The tree of a trace. Nothing is hidden: spans whose parent is absent become roots marked as orphans, and so does the
 * first span of every circle of parents. Linear but for the sorting, and without recursion: a trace may be one long chain.
 */
export function traceTree(spans: readonly Span[]): TraceTree {
  const ordered = [...spans].sort((a, b) => compareBig(a.startUnixNano, b.startUnixNano));
  const startUnixNano = ordered[0]?.startUnixNano ?? 0n;
  const rows = flatten(rootsOf(ordered), startUnixNano);
  return {
    rows,
    startUnixNano,
    durationNanos: rows.reduce((end, row) => Math.max(end, row.offsetNanos + row.span.durationNanos), 0),
    errors: spans.filter((span) => span.isError).length,
    orphans: rows.filter((row) => row.isOrphan).length,
    services: sharesOf(ordered),
  };
}

function compareBig(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function rootsOf(ordered: readonly Span[]): readonly Node[] {
  const byId = new Map(ordered.map((span) => [span.spanId, span]));
  const childrenOf = Map.groupBy(ordered, (span) => (byId.has(span.parentSpanId) ? span.parentSpanId : ''));
  const placed = new Set<Span>();
  const roots = (childrenOf.get('') ?? []).map((span) => grow(span, childrenOf, placed));
  for (const span of ordered) {
    if (!placed.has(span)) roots.push(grow(span, childrenOf, placed));
  }
  return roots;
}

function grow(root: Span, childrenOf: ReadonlyMap<string, readonly Span[]>, placed: Set<Span>): Node {
  placed.add(root);
  const top: Node = { span: root, parent: undefined, isOrphan: root.parentSpanId !== '', children: [] };
  const queue = [top];
  for (let node = queue.pop(); node; node = queue.pop()) {
    for (const span of childrenOf.get(node.span.spanId) ?? []) {
      // Two spans with one id both name the same children: they hang under the first.
      if (placed.has(span)) continue;
      placed.add(span);
      const child: Node = { span, parent: node, isOrphan: false, children: [] };
      node.children.push(child);
      queue.push(child);
    }
  }
  return top;
}

function flatten(roots: readonly Node[], traceStart: bigint): readonly SpanRow[] {
  const order: { readonly node: Node; readonly depth: number }[] = [];
  const stack = roots.map((node) => ({ node, depth: 0 })).reverse();
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    order.push(entry);
    for (const child of entry.node.children.toReversed()) stack.push({ node: child, depth: entry.depth + 1 });
  }
  const sizes = subtreeSizes(order.map((entry) => entry.depth));
  return order.map(({ node, depth }, index) => rowOf(node, depth, sizes[index] ?? 0, traceStart));
}

/** How many rows follow each row at a greater depth, before the depth falls back. */
function subtreeSizes(depths: readonly number[]): readonly number[] {
  const sizes = new Array<number>(depths.length).fill(0);
  const open: number[] = [];
  depths.forEach((depth, index) => {
    closeDown(open, depth, index, sizes);
    open.push(index);
  });
  closeDown(open, 0, depths.length, sizes);
  return sizes;
}

function closeDown(open: number[], depth: number, index: number, sizes: number[]): void {
  while (open.length > depth) {
    const closed = open.pop() ?? 0;
    sizes[closed] = index - closed - 1;
  }
}

function rowOf(node: Node, depth: number, descendants: number, traceStart: bigint): SpanRow {
  const lead = node.parent ? Number(node.parent.span.startUnixNano - node.span.startUnixNano) : 0;
  return {
    span: node.span,
    depth,
    descendants,
    offsetNanos: Number(node.span.startUnixNano - traceStart),
    isOrphan: node.isOrphan,
    skewNanos: lead > skewToleranceNanos ? lead : 0,
  };
}

function sharesOf(ordered: readonly Span[]): readonly ServiceShare[] {
  return [...Map.groupBy(ordered, (span) => span.resource.service)].map(([service, spans]) => ({
    service,
    spans: spans.length,
    errors: spans.filter((span) => span.isError).length,
  }));
}

/** The indices of the rows that stay in sight when the given spans are collapsed. */
export function visibleRows(rows: readonly SpanRow[], collapsed: ReadonlySet<string>): readonly number[] {
  const visible: number[] = [];
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index];
    if (!row) break;
    visible.push(index);
    if (collapsed.has(row.span.spanId)) index += row.descendants;
  }
  return visible;
}

/** The spans above a row, nearest first: to be opened when the row must be seen. */
export function ancestorIds(rows: readonly SpanRow[], index: number): readonly string[] {
  const ids: string[] = [];
  let depth = rows[index]?.depth ?? 0;
  for (let above = index - 1; above >= 0 && depth > 0; above--) {
    const row = rows[above];
    if (row && row.depth < depth) {
      ids.push(row.span.spanId);
      depth = row.depth;
    }
  }
  return ids;
}

/** The indices of the rows that hold the text: in the name, the service, an attribute, an event or the id. Case ignored. */
export function findRows(rows: readonly SpanRow[], text: string): readonly number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  return rows.flatMap((row, index) => (holds(row.span, wanted) ? [index] : []));
}

function holds(span: Span, wanted: string): boolean {
  const has = (text: string): boolean => text.toLowerCase().includes(wanted);
  return (
    has(span.name) ||
    has(span.resource.service) ||
    has(span.spanId) ||
    has(span.statusMessage) ||
    span.attributes.some(({ key, text }) => has(key) || has(text)) ||
    span.events.some((event) => has(event.name) || event.attributes.some(({ text }) => has(text)))
  );
}
