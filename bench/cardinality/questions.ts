import { manySeriesMetric } from '@maru/testkit';

/** What is asked of many series, how soon it should be answered, and how the answer is known to be right. */
export interface Question {
  readonly name: string;
  readonly goalMs: number;
  readonly path: string;
  /** The length of the answer's list, or the beginning of its error. */
  readonly expected: number | string;
}

/** @param perMetric series of each metric */
export function questions(metrics: number, perMetric: number): readonly Question[] {
  const metric = manySeriesMetric(1);
  return [
    { name: 'label names', goalMs: 1000, path: '/api/v1/labels', expected: 5 },
    { name: 'metric names', goalMs: 1000, path: '/api/v1/label/__name__/values', expected: metrics },
    { name: 'values of code', goalMs: 2000, path: '/api/v1/label/code/values', expected: 5 },
    {
      name: `${perMetric.toLocaleString('en')} values of instance of one metric`,
      goalMs: 1000,
      path: `/api/v1/label/instance/values?match[]=${metric}`,
      expected: perMetric,
    },
    {
      name: '100 series of one metric',
      goalMs: 500,
      path: query(`${metric}{instance=~"i00000[0-9]{2}"}`),
      expected: Math.min(100, perMetric),
    },
    {
      name: '1 series of each metric, by label alone',
      goalMs: 2000,
      path: query('{instance="i0000007"}'),
      expected: metrics,
    },
    {
      name: 'count by (code) of one metric',
      goalMs: 2000,
      path: query(`count by (code) (${metric})`),
      expected: 5,
    },
    {
      name: 'all series at once, which is more than a query may select',
      goalMs: 3000,
      path: query('count({__name__=~".+"})'),
      expected: 'the query selects more than',
    },
  ];
}

function query(text: string): string {
  return `/api/v1/query?${new URLSearchParams({ query: text })}`;
}

interface Answer {
  readonly error?: string;
  readonly data?: readonly string[] | { readonly result: readonly object[] };
}

/** Asks once. Throws when the answer is another than expected. */
export async function ask(url: string, { name, path, expected }: Question): Promise<void> {
  const { error, data } = (await (await fetch(url + path)).json()) as Answer;
  const list = data === undefined || 'result' in data ? data?.result : data;
  const isRight = typeof expected === 'number' ? list?.length === expected : error?.startsWith(expected);
  if (isRight !== true)
    throw new Error(`${name}: expected ${expected}, got ${list?.length ?? error} from ${path}`);
}
