import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The tenant of what was stored before there were tenants, and of the stack's own telemetry. In the code it is the empty name,
 * because it is at home where everything is when there are no tenants.
 */
export const ownTenantName = 'maru';

/** Names become directories and databases, so they hold nothing that either has a meaning for. */
const tenantName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** A tenant by the name that people use. Undefined when it is none. */
export function tenantOfName(name: string): string | undefined {
  if (name === ownTenantName) return '';
  return tenantName.test(name) ? name : undefined;
}

/** Where a tenant's journal, ledger and dead letters lie: a data directory in all but the engine's files. */
export function tenantDirectory(dataDir: string, tenant: string): string {
  return tenant === '' ? dataDir : join(dataDir, 'tenants', tenant);
}

/** A tenant's database in the engine; undefined for the first tenant, whose is the engine's own. */
export function tenantDatabase(tenant: string): string | undefined {
  return tenant === '' ? undefined : `tenant_${tenant}`;
}

/** The tenants that have sent something, without the first one. */
export function knownTenants(dataDir: string): readonly string[] {
  const directory = join(dataDir, 'tenants');
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && tenantName.test(entry.name))
    .map(({ name }) => name);
}
