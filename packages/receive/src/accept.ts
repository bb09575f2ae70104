import { Refusal, type RejectedItems } from '@maru/ledger';
import {
  type Account,
  type Checked,
  type CheckLimits,
  checkLogs,
  checkMetrics,
  checkReasons,
  checkTraces,
  defaultCheckLimits,
  refusedPoints,
  type Signal,
} from '@maru/otlp';
import type { ActiveSeries } from './active-series.ts';
import type { Origin } from './authorize.ts';

/** What a sender is told about a request that was taken, wholly or in part. */
export interface Accepted {
  readonly items: number;
  readonly rejected: number;
  /** One sentence about the rejected items; empty when there are none. */
  readonly message: string;
}

/** What happens to checked requests; the wiring gives the journal and the ledger. */
export interface AcceptSinks {
  /** Resolves when the request is durable. Rejects with a `Refusal` when it was not written. */
  readonly append: (tenant: string, signal: Signal, request: Uint8Array, account: Account) => Promise<void>;
  readonly rejected: (tenant: string, items: RejectedItems) => void;
  /** The series of a tenant that may come in; left out, all may. */
  readonly series?: (tenant: string) => ActiveSeries;
}

/**
 * The one way in for every door: check, journal, outcome. Throws a `Refusal` when nothing of the request was taken.
 */
export type Accept = (signal: Signal, request: Uint8Array, origin: Origin) => Promise<Accepted>;

const checks: Readonly<Record<Signal, (bytes: Uint8Array, limits?: CheckLimits) => Checked>> = {
  traces: checkTraces,
  metrics: checkMetrics,
  logs: checkLogs,
};

export function createAccept({ append, rejected, series }: AcceptSinks): Accept {
  return async (signal, request, origin) => {
    const { sender, source } = origin;
    const active = signal === 'metrics' ? series?.(sender.tenant) : undefined;
    const checked = active === undefined ? checks[signal](request) : checkSeries(request, active);
    sender.spent(checked.items + checked.rejected, request.length);
    if (checked.malformed !== undefined) throw malformed(checked.malformed);
    if (checked.items > 0) await appendCounted(signal, checked, origin, { append, rejected });
    if (checked.rejected > 0) rejected(sender.tenant, rejectedItems(signal, checked, source));
    return { items: checked.items, rejected: checked.rejected, message: partialMessage(checked) };
  };
}

/** The check of metrics, and once more without the points of series that may not come in, when there are any. */
function checkSeries(request: Uint8Array, active: ActiveSeries): Checked {
  const checked = checkMetrics(request);
  if (checked.items === 0) return checked;
  active.age();
  const refused = refusedPoints(request, active.admit);
  return refused.size === 0
    ? checked
    : checkMetrics(request, { ...defaultCheckLimits, refusedPoints: refused });
}

/** A refusal by the journal counts every item of the request, since their number is known by now. */
async function appendCounted(
  signal: Signal,
  checked: Checked,
  { source, sender: { tenant } }: Origin,
  { append, rejected }: AcceptSinks,
): Promise<void> {
  try {
    await append(tenant, signal, checked.bytes, checked);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const sample = refusalSample(error, source, checked.items + checked.rejected);
    rejected(tenant, { signal, services: checked.services, samples: [sample] });
    throw new CountedRefusal(error);
  }
}

/** A refusal whose items are in the ledger already, so that the door does not count it again. */
export class CountedRefusal extends Refusal {
  constructor(of: Refusal) {
    super(of.reason, of.message, of.retryAfterSeconds, of);
  }
}

/** Counts a request that was refused before its items were known: as one item. */
export function refusedRequest(signal: Signal, refusal: Refusal, source: string): RejectedItems {
  return { signal, services: new Map(), samples: [refusalSample(refusal, source, 1)] };
}

function refusalSample(refusal: Refusal, source: string, count: number): RejectedItems['samples'][number] {
  return {
    timeUnixNano: nowUnixNano(),
    source,
    reason: refusal.reason,
    field: '',
    count,
    detail: refusal.message,
  };
}

function malformed({ offset, field, what }: NonNullable<Checked['malformed']>): Refusal {
  const place = field === '' ? '' : ` in ${field}`;
  return new Refusal('malformed', `the request is not valid OTLP: at byte ${offset}${place}: ${what}`);
}

function rejectedItems(signal: Signal, checked: Checked, source: string): RejectedItems {
  const [service = source] = checked.rejectedServices.keys();
  const samples = checked.rejections.map(({ reason, count, field, detail }) => ({
    timeUnixNano: nowUnixNano(),
    source: service,
    reason,
    field,
    count,
    detail,
  }));
  return { signal, services: checked.rejectedServices, samples };
}

const itemNames: Readonly<Record<string, string>> = checkReasons;

function partialMessage({ rejections }: Checked): string {
  return rejections
    .map(({ reason, count, field }) => `${count} rejected (${reason}): ${field} ${itemNames[reason]}`)
    .join('; ');
}

function nowUnixNano(): string {
  return `${Date.now()}000000`;
}
