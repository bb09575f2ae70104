import { parseChecked, print } from '@maru/promql';
import type { Handle } from '../http/router.ts';
import { answeringQueryErrors, success } from './envelope.ts';

/** `GET` and `POST /api/v1/format_query`: the query in its normal form, on one line. */
export const formatQuery: Handle = answeringQueryErrors('query', ({ parameters }) =>
  success([JSON.stringify(print(parseChecked(parameters.get('query') ?? '')))]),
);
