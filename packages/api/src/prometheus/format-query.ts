import { type PromqlSettings, parseChecked, print } from '@maru/promql';
import type { Handle } from '../http/router.ts';
import { answeringQueryErrors, success } from './envelope.ts';

/** `GET` and `POST /api/v1/format_query`: the query in its normal form, on one line. */
export function formatQuery(settings: PromqlSettings): Handle {
  return answeringQueryErrors('query', ({ parameters }) =>
    success([JSON.stringify(print(parseChecked(parameters.get('query') ?? '', settings)))]),
  );
}
