export { tenantOfName } from '../tenants/places.ts';
export { createKey, type IngestKey, type KeyOptions, type KeyRate, readKeys, revokeKey } from './key-file.ts';
export { inWords } from './key-meters.ts';
export { ownKey } from './own-key.ts';
