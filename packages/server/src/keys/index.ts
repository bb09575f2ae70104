export { tenantOfName } from '../tenants/places.ts';
export { readConfiguredKeys } from './configured-keys.ts';
export { createKey, type IngestKey, type KeyOptions, readKeys, revokeKey } from './key-file.ts';
export { inWords } from './key-meters.ts';
export { ownKey } from './own-key.ts';
