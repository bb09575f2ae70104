export { createKey, type IngestKey, readKeys, revokeKey } from './key-file.ts';
