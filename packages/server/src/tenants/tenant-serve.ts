import { RequestError, type Serve } from '@maru/api';
import { Refusal } from '@maru/ledger';
import type { KeyCheck } from '../keys/key-check.ts';
import type { TenantEngines } from './tenant-engine.ts';

export interface TenantServeOptions {
  readonly keys: KeyCheck;
  readonly engines: TenantEngines;
  /** The API over one tenant's data. */
  readonly apiOf: (tenant: string) => Promise<Serve>;
  /** An API over no data at all, for tenants that never sent anything. */
  readonly emptyApi: () => Promise<Serve>;
  /** The first tenant's API. */
  readonly ownApi: Serve;
}

/**
 * The one place where a query's tenant is chosen. What answers it then holds that tenant's database and no other, so that no
 * handler and no language knows of tenants.
 */
export function createTenantServe({ keys, engines, apiOf, emptyApi, ownApi }: TenantServeOptions): Serve {
  return async (request, response) => {
    let tenant: string;
    try {
      tenant = await keys.reader(request.headers);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return ownApi(request, response, refusal(error));
    }
    if (tenant === '') return ownApi(request, response);
    const api = engines.get(tenant) === undefined ? await emptyApi() : await apiOf(tenant);
    return api(request, response);
  };
}

/** Browsers ask for a name and a password then; the password is the key. */
function refusal({ message }: Refusal): RequestError {
  return new RequestError('unauthorized', message, {
    'www-authenticate': 'Basic realm="Maru", charset="UTF-8"',
  });
}
