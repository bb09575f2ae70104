import type { Listing } from './api/list.ts';
import type { LogRead, LogRequest } from './api/log.ts';
import type { Resource } from './api/resources.ts';

/** The eyes on one cluster, alive or in a dump. Only ever reads, and never asks for a Secret. */
export interface ClusterReader {
  /** What is looked at, for people: `context board-aks (https://…)`, or the dump's path. */
  readonly name: string;
  /** The namespace that a command without one means; empty in a dump. */
  readonly namespace: string;
  /**
   * All objects of a kind (by its name when it is in the table of `resources.ts`), in one namespace or in all. Never
   * rejects: a refusal, a timeout or a broken answer is a gap of the listing.
   */
  readonly list: (kind: string | Resource, namespace?: string) => Promise<Listing>;
  /** The last lines of a container's log. Never rejects. */
  readonly log: (request: LogRequest) => Promise<LogRead>;
  readonly close: () => void;
}
