import { createPromqlEngine, type PromqlEngine, type QueryResult } from '@maru/promql';
import { QueryError } from '@maru/query-core';
import type { Store } from '@maru/store';
import { below, pick, seededRandom } from '../otlp-random.ts';
import { ScriptLoader } from '../promqltest/load.ts';
import { type ComparableAnswer, difference, ownAnswer, peerAnswer } from './answer.ts';
import { generatedSeries, lengthSeconds, pointMs } from './generated-series.ts';
import type { PeerPrometheus } from './peer-prometheus.ts';
import { type Random, randomExpression } from './random-expression.ts';

/** How many questions were asked, and where the two answered differently. */
export interface DifferentialOutcome {
  readonly asked: number;
  /** How many of those both refused, alike. */
  readonly refused: number;
  readonly differences: readonly string[];
}

/**
 * Puts the same generated series into the store and into a Prometheus, asks both the same random expressions, each at
 * one moment and over a range, and compares. The store must be empty.
 *
 * @param seed of the series and the expressions
 */
export async function runPromqlDifferential(
  store: Store,
  peer: PeerPrometheus,
  { seed, expressions }: { readonly seed: number; readonly expressions: number },
): Promise<DifferentialOutcome> {
  const { isModern } = peer;
  const series = generatedSeries(seed, isModern);
  await new ScriptLoader(store).load({
    kind: 'load',
    stepMs: pointMs,
    series,
    starts: [],
    withNative: false,
  });
  // As what is older than an hour lies; the acceptance scripts meet rows, too.
  await store.chunks?.pack();
  await peer.write(series, pointMs);
  const engine = createPromqlEngine(store.reader);
  const random = Object.assign(seededRandom(seed), { isModern });
  const differences: string[] = [];
  let refused = 0;
  for (let index = 0; index < expressions; index += 1) {
    const query = randomExpression(random);
    for (const question of [instantQuestion(query, random), rangeQuestion(query, random)]) {
      const [own, theirs] = await Promise.all([
        question.ask(engine),
        peerAnswer(peer.url + question.path, question.form),
      ]);
      if ('failure' in own) refused += 1;
      const different = difference(own, theirs);
      if (different !== undefined) differences.push(`${JSON.stringify(question.form)}: ${different}`);
    }
  }
  return { asked: 2 * expressions, refused, differences };
}

interface Question {
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
  readonly ask: (engine: PromqlEngine) => Promise<ComparableAnswer>;
}

/**
 * A quarter past a whole second, from before the first sample to after the last one was looked back for; for a Prometheus 3
 * at times exactly where samples lie, too.
 */
function randomTime(random: Random): number {
  const past = random.isModern ? pick(random, [0.25, 0.25, 0.5]) : 0.25;
  return below(random, lengthSeconds + 600) - 60 + past;
}

function instantQuestion(query: string, random: Random): Question {
  const time = randomTime(random);
  return {
    path: '/api/v1/query',
    form: { query, time: String(time) },
    ask: (engine) => answered(engine.instant(query, time * 1000)),
  };
}

function rangeQuestion(query: string, random: Random): Question {
  const start = randomTime(random);
  const step = pick(random, [7, 15, 30, 60, 240]);
  const end = start + step * below(random, 25);
  return {
    path: '/api/v1/query_range',
    form: { query, start: String(start), end: String(end), step: String(step) },
    ask: (engine) =>
      answered(engine.range(query, { startMs: start * 1000, endMs: end * 1000, stepMs: step * 1000 })),
  };
}

async function answered(result: Promise<QueryResult>): Promise<ComparableAnswer> {
  try {
    return ownAnswer(await result);
  } catch (error) {
    if (error instanceof QueryError) return { failure: error.message };
    throw error;
  }
}
