import type { ScrapeJob } from '@maru/scrape';
import type { Settings } from '../settings.ts';
import { ownTenantName, tenantOfName } from './places.ts';

/** What a wrong name of a tenant in a configuration is told. */
export function tenantProblem(name: string, isOn: boolean): string | undefined {
  if (!isOn) return `names the tenant ${JSON.stringify(name)}, but there are none: tenants is not set`;
  if (tenantOfName(name) === undefined)
    return `${JSON.stringify(name)} is no name of a tenant: it takes letters, digits, - and _, at most 64`;
  return undefined;
}

/** Whose a job's series are. Throws one sentence when the job names a tenant that there cannot be. */
export function tenantOfJob(
  { name: job, tenant = ownTenantName }: ScrapeJob,
  { tenants }: Pick<Settings, 'tenants'>,
): string {
  if (tenant === ownTenantName) return '';
  const problem = tenantProblem(tenant, tenants !== undefined);
  if (problem !== undefined) throw new Error(`the scrape job ${JSON.stringify(job)} ${problem}`);
  return tenant;
}

/** The tenants beside the first that the configuration gives something to do: they are there from the start. */
export function configuredTenants({
  scrapeJobs,
  rules,
}: Pick<Settings, 'scrapeJobs' | 'rules'>): readonly string[] {
  const named = [...Object.keys(rules.tenantFiles), ...scrapeJobs.flatMap(({ tenant }) => tenant ?? [])];
  return [...new Set(named)].filter((name) => name !== ownTenantName);
}
