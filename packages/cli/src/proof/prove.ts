import type { Signal } from '@maru/otlp';
import { messageOf, UserError } from '../user-error.ts';
import { adviceFor, type Ledger, readLedger } from './advice.ts';
import { sendBrowserSpan } from './browser-span.ts';
import type { Finding, LogFound, MetricFound, Proof, TraceFound } from './finding.ts';
import { logIn } from './login.ts';
import { findLog, loginMessage } from './logs.ts';
import { countLogins, findMetric } from './metrics.ts';
import type { Polled } from './poll.ts';
import type { Target } from './target.ts';
import { findTrace } from './traces.ts';

/**
 * Logs in at the Board as a browser would and follows that one request into all three signals, which are looked for
 * side by side through the public query APIs. Resolves also when a signal does not arrive; throws a `UserError` only
 * when the stack or the Board cannot be asked at all.
 */
export async function prove(target: Target): Promise<Proof> {
  const [ledger, logins] = await beforehand(target);
  const probe = await logIn(target);
  const browserSpan = sendBrowserSpan(target, probe).then(
    () => '',
    (thrown: unknown) => `; the browser's span was not taken: ${messageOf(thrown)}`,
  );
  const [traces, metrics, logs] = await Promise.all([
    findTrace(target, probe).then((polled) =>
      finding('traces', target, ledger, polled, traceText, browserSpan),
    ),
    findMetric(target, probe, logins).then((polled) =>
      finding('metrics', target, ledger, polled, metricText),
    ),
    findLog(target, probe).then((polled) =>
      finding('logs', target, ledger, polled, () => `"${loginMessage}" with the same trace id`),
    ),
  ]);
  return { ok: traces.ok && metrics.ok && logs.ok, signals: { traces, metrics, logs } };
}

/** What the stack has seen before the request, to tell what the request added. */
async function beforehand(target: Target): Promise<[Ledger, Awaited<ReturnType<typeof countLogins>>]> {
  try {
    return await Promise.all([readLedger(target), countLogins(target)]);
  } catch (thrown) {
    throw new UserError(
      `the stack cannot be asked: ${messageOf(thrown)}; start it with ./maru serve, or say where it is with --endpoint URL`,
    );
  }
}

function traceText({ spans, services }: TraceFound): string {
  return `POST /api/login: ${spans} spans, ${services.join(' → ')}`;
}

function metricText({ metric, movedBy }: MetricFound): string {
  return movedBy === 1
    ? `${metric} moved by 1 for that request`
    : `${metric} moved by ${movedBy}, that request among them`;
}

async function finding<Found extends TraceFound | MetricFound | LogFound>(
  signal: Signal,
  target: Target,
  before: Ledger,
  polled: Polled<Found>,
  text: (found: Found) => string,
  alsoWrong: Promise<string> = Promise.resolve(''),
): Promise<Finding<Found>> {
  if (polled.there) {
    return {
      ok: true,
      found: text(polled.value),
      visibleAfterMs: Math.round(polled.afterMs),
      ...polled.value,
    };
  }
  const missing = `not visible within ${target.deadlineMs / 1_000} s`;
  return {
    ok: false,
    missing,
    lastSeen: polled.lastSeen + (await alsoWrong),
    checkNext: await adviceFor(signal, target, before),
  };
}
