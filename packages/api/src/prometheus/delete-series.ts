import { deleteSeries, type SeriesDeletion } from '@maru/promql';
import type { Reader } from '@maru/store';
import { RequestError } from '../http/failure.ts';
import type { Handle } from '../http/router.ts';
import { answeringQueryErrors } from './envelope.ts';
import { invalid, matchParameters, timeParameter } from './parameters.ts';

/** `POST /api/v1/admin/tsdb/delete_series`: deletes the samples of series in a time range, all of them by default. */
export function deleteSeriesHandle(reader: Reader, admin: SeriesDeletion | undefined): Handle {
  return answeringQueryErrors('match[]', async ({ parameters, signal }) => {
    if (admin === undefined)
      throw new RequestError('unavailable', 'admin APIs disabled; see the setting admin_api');
    const selectors = matchParameters(parameters);
    if (selectors.length === 0) throw invalid('match[]', 'no match[] parameter provided');
    const span = { startMs: timeParameter(parameters, 'start'), endMs: timeParameter(parameters, 'end') };
    await deleteSeries(reader, admin, { selectors, ...span }, signal);
    return { status: 204, contentType: 'application/json', body: '' };
  });
}
