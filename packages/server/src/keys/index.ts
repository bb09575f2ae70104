export { createKey, type IngestKey, readKeys, revokeKey } from './key-file.ts';
export { ownKey } from './own-key.ts';
