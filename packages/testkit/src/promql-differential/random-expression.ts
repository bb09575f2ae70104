import { below, pick } from '../otlp-random.ts';

/**
 * An expression, and whether its values are exact: made by operations on whole numbers and quarters that never round.
 * Only of exact values is asked what a rounding difference turns over: which is greater, equal, whole.
 */
interface Written {
  readonly text: string;
  readonly isExact: boolean;
}

/** Random numbers from 0 to 1, and whether the answers of a Prometheus 3 are asked for. */
export type Random = (() => number) & { readonly isModern: boolean };

const exact = (text: string): Written => ({ text, isExact: true });
const rounded = (text: string): Written => ({ text, isExact: false });

/**
 * A random expression of type instant vector, over the series of `generatedSeries`.
 *
 * Unless a Prometheus 3 is asked, what Debian's 2.42 answers otherwise is left out: nested subqueries (their windows begin exactly at
 * points), `rate` and `increase` over subqueries (extrapolation to 0 across gaps), `atan2` of two vectors (keeps the
 * name), `timestamp` and `predict_linear` with `@` (2.42 moves the window with the steps), `stddev` and `stdvar` of NaN, and what 2.42 does not have: native histograms above all. The date of NaN is always left out: it is another
 * on each kind of processor.
 * Prometheus 3 forgets the offset in `timestamp(x offset 1m @ 5)` (seen in 3.16), so that is always left out, too.
 * Inside of a subquery no subquery has an `@`: where the two happen to begin at the same moment Prometheus 3 does not move what `@` holds
 * back to it, and finds nothing (seen in 3.16: `(present_over_time((x @ 1906.25)[5m:1m] @ 1906.25))[5m:1m]` at 1906.25).
 * Always left out, since both answers are right: which of equal values `topk` keeps.
 */
export function randomExpression(random: Random): string {
  return vector(random, 1 + below(random, 3), true).text;
}

function vector(random: Random, depth: number, subqueries: boolean): Written {
  if (depth === 0) return leaf(random, subqueries);
  return pick(random, [
    leaf,
    arithmetic,
    arithmetic,
    comparison,
    setOperation,
    aggregation,
    aggregation,
    call,
    call,
  ])(random, subqueries, depth);
}

const nativeMetrics = ['spread', 'sized'];
const exactMetrics = ['requests_total', 'load', 'limit', 'latency_bucket', 'bytes_total'];
const matcherLists = [
  '',
  '',
  '',
  '{job="api"}',
  '{job=~"a.+"}',
  '{instance!="a"}',
  '{job!~"api|x", instance="b"}',
  '{job="none"}',
];

function selector(random: Random, metrics: readonly string[]): string {
  return pick(random, metrics) + pick(random, matcherLists);
}

/** Times that `@` names are, as all others, a quarter past a whole second. */
function modifiers(random: Random): string {
  const offset = pick(random, ['', '', '', ' offset 1m', ' offset -90s', ' offset 7m']);
  const at = pick(random, ['', '', '', '', '', ' @ 1800.25', ' @ start()', ' @ end()']);
  return random() < 0.5 ? offset + at : at + offset;
}

const ranges = ['20s', '1m', '90s', '5m', '12m'];

function leaf(random: Random, subqueries: boolean): Written {
  const dice = random();
  if (dice < 0.4) return exact(selector(random, exactMetrics) + modifiers(random));
  if (dice < 0.5) return rounded(selector(random, ['temperature']) + modifiers(random));
  if (dice < 0.55) return exact(pick(random, ['vector(1.5)', 'vector(time())', 'vector(0)']));
  if (random.isModern && dice < 0.6) return rounded(selector(random, nativeMetrics) + modifiers(random));
  if (subqueries && dice < 0.65) return overSubquery(random);
  return overRange(random);
}

function overRange(random: Random): Written {
  if (random.isModern && random() < 0.3) return overNative(random);
  const isCounter = random() < 0.5;
  const metrics = isCounter ? ['requests_total', 'bytes_total', 'latency_bucket'] : ['load', 'limit'];
  const range = `${selector(random, metrics)}[${pick(random, ranges)}]${modifiers(random)}`;
  const functions = isCounter
    ? ['rate', 'increase', 'irate', 'rate']
    : ['delta', 'idelta', 'deriv', 'avg_over_time'];
  return random() < 0.4 ? rounded(`${pick(random, functions)}(${range})`) : overTime(random, exact(range));
}

const ofNative = [
  ...['rate', 'increase', 'irate', 'rate', 'delta', 'idelta', 'resets', 'changes'],
  ...['sum', 'avg', 'last', 'count', 'present', 'max', 'stddev'].map((name) => `${name}_over_time`),
];

function overNative(random: Random): Written {
  const range = `${selector(random, nativeMetrics)}[${pick(random, ranges)}]${modifiers(random)}`;
  return rounded(`${pick(random, ofNative)}(${range})`);
}

/** A subquery that `@` holds at one moment. */
const heldSubquery = /:\w*\](?: offset -?\w+)? @ /;

function insideOfSubquery(random: Random): Written {
  const inner = vector(random, below(random, 2), random.isModern && random() < 0.3);
  return heldSubquery.test(inner.text) ? insideOfSubquery(random) : inner;
}

function overSubquery(random: Random): Written {
  const inner = insideOfSubquery(random);
  const range = `(${inner.text})[${pick(random, ranges)}:${pick(random, ['', '10s', '1m', '25s'])}]${modifiers(random)}`;
  if (random.isModern && random() < 0.3)
    return rounded(`${pick(random, ['rate', 'increase', 'delta', 'irate'])}(${range})`);
  return overTime(random, { ...inner, text: range });
}

const keepsExact = ['min', 'max', 'last', 'sum', 'count', 'present'].map((name) => `${name}_over_time`);
const rounds = ['avg', 'stddev', 'stdvar'].map((name) => `${name}_over_time`);

function overTime(random: Random, { text, isExact }: Written): Written {
  const dice = random();
  if (dice < 0.4) return { text: `${pick(random, keepsExact)}(${text})`, isExact };
  if (dice < 0.6) return rounded(`${pick(random, rounds)}(${text})`);
  if (dice < 0.7)
    return rounded(`quantile_over_time(${pick(random, ['0', '0.37', '0.9', '-1', '2'])}, ${text})`);
  if (dice < 0.75 && isMoving(random, text))
    return rounded(`predict_linear(${text}, ${pick(random, ['60', '-30', '600'])})`);
  if (dice < 0.8) return exact(`absent_over_time(${text})`);
  return isExact ? exact(`${pick(random, ['changes', 'resets'])}(${text})`) : rounded(`deriv(${text})`);
}

/** 2.42 moves what `@` fixes in time. */
function isMoving(random: Random, text: string): boolean {
  return random.isModern || !text.includes('@');
}

const constants = ['0', '1', '2', '-1.5', '0.25', '10', 'time()', 'scalar(limit{job="api"})'];
const groupings = [
  '',
  '',
  ' on(job)',
  ' on(job, instance)',
  ' ignoring(code)',
  ' ignoring(instance, code)',
  ' on()',
];
// The brackets keep an operand that begins with one from being read as labels.
const sides = ['', '', '', ' group_left()', ' group_right()', ' group_left(instance)', ' group_right(code)'];

function matching(random: Random): string {
  const grouping = pick(random, groupings);
  return grouping === '' ? '' : grouping + pick(random, sides);
}

/** Two operands that match each other often, and now and then do not. */
function pair(random: Random, depth: number, subqueries: boolean): readonly [Written, Written, string] {
  const left = vector(random, depth - 1, subqueries);
  const dice = random();
  if (dice < 0.2) return [left, vector(random, depth - 1, subqueries), matching(random)];
  if (dice < 0.4) return [left, aggregated(random, left, ' by (job)'), ' on(job) group_left()'];
  if (dice < 0.6) return [aggregated(random, left, ' by (job)'), left, ' on(job) group_right()'];
  return [left, left, random() < 0.8 ? '' : ' ignoring(code)'];
}

function arithmetic(random: Random, subqueries: boolean, depth: number): Written {
  const [left, right, how] = pair(random, depth, subqueries);
  const isExact = left.isExact && right.isExact;
  if (random() < 0.3) {
    const operator = pick(random, ['+', '-', '*']);
    const constant = pick(random, constants);
    // Which empty buckets a histogram has, and NaN would fill, is up to how it is stored.
    if (constant.startsWith('scalar') && nativeMetrics.some((name) => left.text.includes(name))) return left;
    const [first, second] = random() < 0.5 ? [left.text, constant] : [constant, left.text];
    return { text: `(${first} ${operator} ${second})`, isExact: left.isExact };
  }
  if (random.isModern && isExact && random() < 0.1)
    return rounded(`(${left.text} atan2${how} ${right.text})`);
  // Division magnifies what rounding leaves of 0, powers leave the range of exact numbers.
  const operators = isExact ? ['+', '-', '*', '/', '%', '^'] : ['+', '-', '*'];
  const operator = pick(random, operators);
  return {
    text: `(${left.text} ${operator}${how} ${right.text})`,
    isExact: isExact && (operator === '+' || operator === '-'),
  };
}

const comparisons = ['==', '!=', '<', '<=', '>', '>='];

function comparison(random: Random, subqueries: boolean, depth: number): Written {
  const [left, right, how] = pair(random, depth, subqueries);
  if (!left.isExact || !right.isExact) return exact(`count(${left.text})`);
  // 2.42 looks for second partners only among what a comparison lets through, 3 among all.
  const mayRepeat = !random.isModern && !how.includes('group') && (how !== '' || left.text.includes(' or '));
  const operator = `${pick(random, comparisons)}${mayRepeat || random() < 0.3 ? ' bool' : ''}`;
  const dice = random();
  if (dice < 0.2) return exact(`(${left.text} ${operator} ${pick(random, constants)})`);
  if (dice < 0.4) return exact(`(${pick(random, constants)} ${operator} ${left.text})`);
  return exact(`(${left.text} ${operator}${how} ${right.text})`);
}

function setOperation(random: Random, subqueries: boolean, depth: number): Written {
  const left = vector(random, depth - 1, subqueries);
  const right = vector(random, depth - 1, subqueries);
  const operator = pick(random, ['and', 'or', 'unless']) + pick(random, groupings);
  return { text: `(${left.text} ${operator} ${right.text})`, isExact: left.isExact && right.isExact };
}

const clauses = [
  '',
  ' by (job)',
  ' by (instance, code)',
  ' without (instance)',
  ' without (code, le)',
  ' by ()',
];

function aggregated(random: Random, { text, isExact }: Written, clause: string): Written {
  const name = pick(random, ['sum', 'min', 'max', 'count', 'group']);
  return { text: `${name}${clause} (${text})`, isExact };
}

function aggregation(random: Random, subqueries: boolean, depth: number): Written {
  const inner = vector(random, depth - 1, subqueries);
  const clause = pick(random, clauses);
  const dice = random();
  if (dice < 0.5) return aggregated(random, inner, clause);
  if (dice < 0.6) return rounded(`avg${clause} (${inner.text})`);
  if (dice < 0.7) {
    const counters = selector(random, ['requests_total', 'bytes_total']) + modifiers(random);
    const spread = random.isModern ? inner.text : counters;
    return rounded(`${pick(random, ['stddev', 'stdvar'])}${clause} (${spread})`);
  }
  // 2.42 makes NaN of an infinite neighbour, which a quantile of quantiles has.
  if (dice < 0.8 && (random.isModern || !inner.text.includes('quantile')))
    return rounded(`quantile${clause} (${pick(random, ['0', '0.3', '0.9', '-1', '2'])}, ${inner.text})`);
  if (dice < 0.9) {
    const name = pick(random, ['topk', 'bottomk']);
    return rounded(
      `${name}${clause} (${pick(random, ['0', '1', '2', '9'])}, ${selector(random, ['temperature'])})`,
    );
  }
  return inner.isExact
    ? exact(`count_values${clause} ("value", ${inner.text})`)
    : exact(`count${clause} (${inner.text})`);
}

const ofAny = ['abs', 'sort', 'sort_desc', '-', '+', 'absent'];
const ofExact = ['ceil', 'floor', 'sgn', 'round'];
const analytic = [
  'sqrt',
  'ln',
  'log2',
  'log10',
  'exp',
  'sin',
  'cos',
  'tan',
  'atan',
  'sinh',
  'tanh',
  'deg',
  'rad',
];
const calendar = [
  'minute',
  'hour',
  'day_of_week',
  'day_of_month',
  'day_of_year',
  'days_in_month',
  'month',
  'year',
];

function call(random: Random, subqueries: boolean, depth: number): Written {
  if (random() < 0.15) return quantileOfBuckets(random);
  if (random.isModern && random() < 0.2) return ofHistograms(random, depth);
  const { text, isExact } = vector(random, depth - 1, subqueries);
  const dice = random();
  if (dice < 0.15) return { text: `label_replace(${text}, "job", "$1-x", "job", "(.).*")`, isExact };
  if (dice < 0.25) return { text: `label_join(${text}, "both", "/", "job", "instance")`, isExact };
  if (dice < 0.4) return { text: pick(random, clamps)(text), isExact };
  if (!isExact || dice < 0.6) return { text: `${pick(random, ofAny)}(${text})`, isExact };
  if (dice < 0.65 && isMoving(random, text) && !/offset.*@|@.*offset/.test(text))
    return exact(`timestamp(${text})`);
  if (dice < 0.75) return exact(`${pick(random, ofExact)}(${text})`);
  if (dice < 0.8) return exact(`round(${text}, ${pick(random, ['5', '0.5', '2'])})`);
  if (dice < 0.85) return exact(`vector(scalar(${text}))`);
  if (dice < 0.9) return exact(`${pick(random, calendar)}(vector(time() * 99))`);
  return rounded(`${pick(random, analytic)}(${text})`);
}

const clamps: readonly ((text: string) => string)[] = [
  (text) => `clamp(${text}, -1, 5)`,
  (text) => `clamp(${text}, 5, -1)`,
  (text) => `clamp_min(${text}, 2)`,
  (text) => `clamp_max(${text}, 20)`,
];

function quantileOfBuckets(random: Random): Written {
  const buckets = `latency_bucket${pick(random, ['', '{job="api"}', '{le!="+Inf"}'])}`;
  const rate = `rate(${buckets}[${pick(random, ['1m', '5m'])}]${modifiers(random)})`;
  const vectors = [buckets, rate, `sum by (le) (${rate})`, `sum by (job, le) (${rate})`];
  return rounded(
    `histogram_quantile(${pick(random, ['0.1', '0.5', '0.93', '0', '-1', '2'])}, ${pick(random, vectors)})`,
  );
}

/** Of native histograms, mostly; of whatever there is now and then. */
function ofHistograms(random: Random, depth: number): Written {
  const natives = random() < 0.5 ? overNative(random).text : selector(random, nativeMetrics);
  const dice = random();
  const inner =
    dice < 0.3 ? `sum by (job) (${natives})` : dice < 0.9 ? natives : vector(random, depth - 1, false).text;
  return rounded(pick(random, histogramCalls)(inner));
}

const histogramCalls: readonly ((text: string) => string)[] = [
  (text) => `histogram_count(${text})`,
  (text) => `histogram_sum(${text})`,
  (text) => `histogram_avg(${text})`,
  (text) => `histogram_stddev(${text})`,
  (text) => `histogram_stdvar(${text})`,
  (text) => `histogram_fraction(0, 1.7, ${text})`,
  (text) => `histogram_fraction(-Inf, 3, ${text})`,
  (text) => `histogram_quantile(0.1, ${text})`,
  (text) => `histogram_quantile(0.5, ${text})`,
  (text) => `histogram_quantile(0.99, ${text})`,
  (text) => `histogram_quantile(1, ${text})`,
];
