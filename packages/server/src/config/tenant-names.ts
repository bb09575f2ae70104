import { type ConfigNode, entryOf, type Place, type Problems } from '@maru/config';
import { tenantProblem } from '../tenants/configured.ts';
import type { Config } from './config.ts';

interface NamedTenant {
  readonly name: string;
  readonly place: Place;
  readonly path: string;
}

/** Adds a problem for each tenant that the file gives something to and that cannot be. */
export function checkTenantNames(root: ConfigNode, { tenants }: Config, problems: Problems): void {
  for (const { name, place, path } of [...ofRules(root), ...ofJobs(root)]) {
    const problem = tenantProblem(name, tenants !== undefined);
    if (problem !== undefined) problems.add(place, `${path} ${problem}`);
  }
}

function ofRules(root: ConfigNode): readonly NamedTenant[] {
  const node = root.kind === 'map' ? entryOf(root, 'tenant_rules') : undefined;
  if (node?.kind !== 'map') return [];
  return node.entries.map(({ key, place }) => ({ name: key, place, path: 'tenant_rules' }));
}

function ofJobs(root: ConfigNode): readonly NamedTenant[] {
  const node = root.kind === 'map' ? entryOf(root, 'scrape_configs') : undefined;
  if (node?.kind !== 'list') return [];
  return node.items.flatMap((job, index) => {
    const tenant = job.kind === 'map' ? entryOf(job, 'tenant') : undefined;
    if (tenant?.kind !== 'scalar') return [];
    const path = `scrape_configs[${index}].tenant`;
    return [{ name: String(tenant.value), place: tenant.place, path }];
  });
}
