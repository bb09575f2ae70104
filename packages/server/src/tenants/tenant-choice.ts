import type { IncomingHttpHeaders } from 'node:http';
import type { TenantSettings } from '../settings.ts';
import { ownTenantName, tenantOfName } from './places.ts';

/** The tenant of a request, or the sentence that says why it has none. */
export type TenantChoice = { readonly tenant: string } | { readonly refused: string };

/**
 * Whose request this is. A header counts only when the configuration says so: then whatever stands before these ports must
 * set it. By key, the key alone tells; what the header says is not looked at.
 *
 * @param keyTenant the name that the key was made for
 */
export function chooseTenant(
  settings: TenantSettings | undefined,
  headers: IncomingHttpHeaders,
  keyTenant: string | undefined,
): TenantChoice {
  if (settings === undefined) return { tenant: '' };
  const name = settings.by === 'key' ? (keyTenant ?? ownTenantName) : (headerOf(headers) ?? settings.default);
  if (name === undefined) return { refused: 'the request names no tenant: send X-Scope-OrgID' };
  const tenant = tenantOfName(name);
  if (tenant === undefined)
    return {
      refused: `${JSON.stringify(name.slice(0, 80))} is no name of a tenant: it takes letters, digits, - and _, at most 64`,
    };
  return { tenant };
}

/** Given twice, the values come joined by a comma, which no name holds. */
function headerOf(headers: IncomingHttpHeaders): string | undefined {
  const value = headers['x-scope-orgid'];
  return Array.isArray(value) ? value.join(', ') : value;
}
