import type { IncomingMessage } from 'node:http';
import { RequestError, type Serve } from '@maru/api';
import { Refusal } from '@maru/ledger';
import type { KeyCheck } from '../keys/key-check.ts';
import { type Session, sessionPath } from '../session/session.ts';
import type { TenantEngines } from './tenant-engine.ts';

export interface TenantServeOptions {
  readonly keys: KeyCheck;
  readonly session: Session;
  readonly engines: TenantEngines;
  /** The API over one tenant's data. */
  readonly apiOf: (tenant: string) => Promise<Serve>;
  /** An API over no data at all, for tenants that never sent anything. */
  readonly emptyApi: () => Promise<Serve>;
  /** The first tenant's API. */
  readonly ownApi: Serve;
}

/**
 * The one place where it is decided whether a query may be asked, and of which tenant. What answers it then holds that tenant's database and no other, so that no
 * handler and no language knows of tenants.
 */
export function createTenantServe({
  keys,
  session,
  engines,
  apiOf,
  emptyApi,
  ownApi,
}: TenantServeOptions): Serve {
  return async (request, response) => {
    if (request.url === sessionPath) {
      await session.answer(request, response);
      return true;
    }
    let tenant: string;
    try {
      tenant = await keys.reader(request.headers);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return ownApi(request, response, refusal(error, request));
    }
    if (tenant === '') return ownApi(request, response);
    const api = engines.get(tenant) === undefined ? await emptyApi() : await apiOf(tenant);
    return api(request, response);
  };
}

/**
 * A browser that opens an address asks for a name and a password then; the password is the key. The console's own requests must not
 * have it ask, as the console has a page for that.
 */
function refusal({ message }: Refusal, { headers }: IncomingMessage): RequestError {
  const isFetch = !['navigate', undefined].includes(headers['sec-fetch-mode']?.toString());
  const scheme = isFetch ? 'Bearer realm="Maru"' : 'Basic realm="Maru", charset="UTF-8"';
  return new RequestError('unauthorized', message, { 'www-authenticate': scheme });
}
