/** A Kubernetes object as JSON tells it, or the part of it that another form (describe, a table) tells. */
export interface SeenObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** In the shape of the API: `metadata`, `spec`, `status`. A table's row stands under `table`. */
  readonly value: unknown;
  readonly where: string;
  /** How much this form tells; the richest wins when an object was seen in several. */
  readonly richness: 'row' | 'description' | 'whole';
}

/** A line of a log or of free text. */
export interface SeenLine {
  readonly text: string;
  readonly where: string;
  /** The pod (or workload) that it belongs to, as the file's name or the command tell it; empty when they do not. */
  readonly owner: string;
  readonly namespace: string;
  readonly container: string;
}

/** What the readers made of the input, before anything is joined. */
export interface Parsed {
  readonly objects: readonly SeenObject[];
  readonly lines: readonly SeenLine[];
  readonly gaps: readonly string[];
}

/** Where a piece of text stands, as the command before it or the file's name tell. */
export interface Context {
  readonly file: string;
  readonly namespace: string;
  readonly owner: string;
  readonly container: string;
  /** Kind that a `kubectl get KIND` before it asked for; empty when there was none. */
  readonly kind: string;
}

export function joinParsed(parts: readonly Parsed[]): Parsed {
  return {
    objects: parts.flatMap((part) => part.objects),
    lines: parts.flatMap((part) => part.lines),
    gaps: parts.flatMap((part) => part.gaps),
  };
}
