import { serveRegistry } from './registry.ts';
import type { Running } from './servers.ts';

/** A registry to ask, and whether it can be had on this machine. */
export interface Choice {
  readonly name: string;
  readonly start: () => Promise<Running>;
  readonly here: boolean;
}

/** One of our own everywhere, and Debian's where its package is installed. */
export function registries(start: () => Promise<Running>, here: boolean): readonly Choice[] {
  return [
    { name: 'a registry of the test', start: () => serveRegistry(), here: true },
    { name: "Debian's docker-registry", start, here },
  ];
}
