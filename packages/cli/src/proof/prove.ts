import type { Signal } from '@maru/otlp';
import { messageOf, UserError } from '../user-error.ts';
import { adviceFor, type Ledger, readLedger } from './advice.ts';
import { sendBrowserSpans } from './browser-spans.ts';
import type { Finding, LogFound, MetricFound, Proof, TraceFound } from './finding.ts';
import { logIn } from './login.ts';
import { findLog, loginMessage } from './logs.ts';
import { type Counts, countLogins, findMetric } from './metrics.ts';
import type { Polled } from './poll.ts';
import type { Target } from './target.ts';
import { findTrace } from './traces.ts';

/**
 * Logs in at the Board as a browser would and follows that one request into all three signals, which are looked for
 * side by side through the public query APIs. Resolves also when a signal does not arrive; throws a `UserError` only
 * when the stack or the Board cannot be asked at all.
 */
export async function prove(target: Target): Promise<Proof> {
  const ledger = await ledgerBefore(target);
  const logins = await loginsBefore(target);
  const probe = await logIn(target);
  const browserSpans = sendBrowserSpans(target, probe).then(
    () => '',
    (thrown: unknown) => `; the browser's spans were not taken: ${messageOf(thrown)}`,
  );
  const [traces, metrics, logs] = await Promise.all([
    findTrace(target, probe).then((polled) =>
      finding('traces', target, ledger, polled, traceText, browserSpans),
    ),
    findMetric(target, probe, logins).then((polled) =>
      finding('metrics', target, ledger, polled, metricText),
    ),
    findLog(target, probe).then((polled) => finding('logs', target, ledger, polled, logText)),
  ]);
  return { ok: traces.ok && metrics.ok && logs.ok, signals: { traces, metrics, logs } };
}

/** What Maru had counted before the request, to tell what the request added; undefined where there is no Maru. */
async function ledgerBefore({ stack }: Target): Promise<Ledger | undefined> {
  if (stack.maru === undefined) return undefined;
  try {
    return await readLedger(stack.maru, stack.headers);
  } catch (thrown) {
    throw new UserError(
      `the stack cannot be asked: ${messageOf(thrown)}; start it with ./maru serve, or say where it is with --endpoint URL`,
    );
  }
}

/** The error, when there is one, belongs to the metric: the other two signals can be looked for all the same. */
async function loginsBefore(target: Target): Promise<Counts | Error> {
  return countLogins(target).catch((thrown: unknown) => new Error(messageOf(thrown)));
}

function traceText({ spans, services }: TraceFound): string {
  return `POST /api/login: ${spans} spans, ${services.join(' → ')}`;
}

function metricText({ metric, movedBy }: MetricFound): string {
  return movedBy === 1
    ? `${metric} moved by 1 for that request`
    : `${metric} moved by ${movedBy}, that request among them`;
}

function logText(): string {
  return `"${loginMessage}" with the same trace id`;
}

async function finding<Found extends TraceFound | MetricFound | LogFound>(
  signal: Signal,
  target: Target,
  before: Ledger | undefined,
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
    checkNext: await adviceFor(signal, target.stack, before),
  };
}
