export { createKey, type IngestKey, type KeyRate, readKeys, revokeKey } from './key-file.ts';
export { inWords } from './key-meters.ts';
export { ownKey } from './own-key.ts';
