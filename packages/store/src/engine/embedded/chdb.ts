import { createRequire } from 'node:module';
import type chdb from 'chdb';

/** chDB, loaded when it is first used: 150 MB of memory that a store by URL does without. */
export function loadChdb(): typeof chdb {
  return createRequire(import.meta.url)('chdb') as typeof chdb;
}
