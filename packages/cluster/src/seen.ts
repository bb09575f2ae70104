import type { Gap } from './gap.ts';

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

/** Readers cut a longer line: rules match bounded text only. 8 KiB holds the longest runtime errors seen (2 KiB). */
export const longestLine = 8_192;

/** A line of a log or of free text. */
export interface SeenLine {
  readonly text: string;
  readonly where: string;
  /** The pod (or workload) that it belongs to, as the file's name or the command tell it; empty when they do not. */
  readonly owner: string;
  readonly namespace: string;
  readonly container: string;
}

/** What was read, from a dump or from a live cluster, before anything is joined. */
export interface Seen {
  readonly objects: readonly SeenObject[];
  readonly lines: readonly SeenLine[];
  readonly gaps: readonly Gap[];
}

export function joinSeen(parts: readonly Seen[]): Seen {
  return {
    objects: parts.flatMap((part) => part.objects),
    lines: parts.flatMap((part) => part.lines),
    gaps: parts.flatMap((part) => part.gaps),
  };
}
