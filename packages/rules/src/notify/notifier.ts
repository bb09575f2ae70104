import { setTimeout as delay } from 'node:timers/promises';
import { labelsKey } from '@maru/query-core';
import { type DestinationKind, messages } from './messages.ts';
import type { Notice } from './notice.ts';

/** Where alerts are told. */
export interface AlertDestination {
  readonly kind: DestinationKind;
  /** An Alertmanager's address, or that of a webhook. A user and password in it become Basic authentication. */
  readonly url: string;
}

export interface NotifierOptions {
  readonly destinations: readonly AlertDestination[];
  readonly externalUrl: string;
  /** Told of each delivery that failed for good, in one sentence. */
  readonly report: (sentence: string) => void;
}

/** Tells alerts to every destination, each in its own time. Who makes it closes it. */
export class Notifier {
  readonly #deliveries: readonly Delivery[];

  constructor(options: NotifierOptions) {
    this.#deliveries = options.destinations.map((destination) => new Delivery(destination, options));
  }

  tell(notices: readonly Notice[]): void {
    if (notices.length === 0) return;
    for (const delivery of this.#deliveries) delivery.add(notices);
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    await Promise.all(this.#deliveries.map((delivery) => delivery.close()));
  }
}

/** Prometheus's limits: so many alerts wait for one destination, and so many go in one message. */
const mostWaiting = 10_000;
const mostAtOnce = 64;
const timeoutMs = 10_000;
const attempts = 3;
/** An Alertmanager remembers; others are told again of what goes on only after so long. */
const repeatMs = 4 * 3_600_000;

class Delivery {
  readonly #destination: AlertDestination;
  readonly #options: NotifierOptions;
  readonly #stop = new AbortController();
  readonly #toldAt = new Map<string, number>();
  #waiting: Notice[] = [];
  #sending: Promise<void> | undefined;

  constructor(destination: AlertDestination, options: NotifierOptions) {
    this.#destination = destination;
    this.#options = options;
  }

  add(notices: readonly Notice[]): void {
    const wanted =
      this.#destination.kind === 'alertmanager' ? notices : notices.filter((one) => this.#isNews(one));
    this.#waiting.push(...wanted);
    const dropped = this.#waiting.length - mostWaiting;
    if (dropped > 0) {
      this.#waiting = this.#waiting.slice(dropped);
      this.#options.report(`${this.#name} is too slow: the ${dropped} oldest alerts were dropped`);
    }
    this.#sending ??= this.#run().finally(() => {
      this.#sending = undefined;
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#sending;
  }

  get #name(): string {
    const { kind, url } = this.#destination;
    return `the ${kind} ${url.replace(/\/\/[^@/]*@/, '//')}`;
  }

  /** Whether a destination that remembers nothing should hear of it. */
  #isNews({ labels, isResolved }: Notice): boolean {
    const key = labelsKey(labels);
    const toldAt = this.#toldAt.get(key);
    if (isResolved) return this.#toldAt.delete(key);
    const now = Date.now();
    if (toldAt !== undefined && now - toldAt < repeatMs) return false;
    this.#toldAt.set(key, now);
    return true;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#stop.signal.aborted) {
      const batch = this.#nextBatch();
      const failure = await this.#deliver(batch);
      if (failure !== undefined && !this.#stop.signal.aborted)
        this.#options.report(`${this.#name} did not take ${batch.length} alerts: ${failure}`);
    }
  }

  /** For an Alertmanager whatever waits; for others the alerts of one name, which make one message. */
  #nextBatch(): readonly Notice[] {
    const name = this.#waiting[0]?.labels.get('alertname');
    const isMixed = this.#destination.kind === 'alertmanager';
    const batch: Notice[] = [];
    this.#waiting = this.#waiting.filter((notice) => {
      const belongs = batch.length < mostAtOnce && (isMixed || notice.labels.get('alertname') === name);
      if (belongs) batch.push(notice);
      return !belongs;
    });
    return batch;
  }

  /** @returns why it failed for good */
  async #deliver(batch: readonly Notice[]): Promise<string | undefined> {
    let failure = '';
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (attempt > 0)
        await delay(1000 * 4 ** (attempt - 1), undefined, { signal: this.#stop.signal }).catch(
          () => undefined,
        );
      if (this.#stop.signal.aborted) return failure;
      const outcome = await this.#post(batch);
      if (outcome === undefined) return undefined;
      failure = outcome.why;
      if (!outcome.mayPass) return failure;
    }
    return failure;
  }

  async #post(
    batch: readonly Notice[],
  ): Promise<{ readonly why: string; readonly mayPass: boolean } | undefined> {
    const { kind } = this.#destination;
    const { url, headers } = target(this.#destination);
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const body = JSON.stringify(messages[kind](batch, this.#options.externalUrl));
      const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
      const text = (await response.text()).slice(0, 200);
      if (response.ok) return undefined;
      return {
        why: `it answered ${response.status} ${text}`.trim(),
        mayPass: response.status >= 500 || response.status === 429,
      };
    } catch (error) {
      return { why: reason(error), mayPass: true };
    }
  }
}

function target({ kind, url }: AlertDestination): {
  readonly url: URL;
  readonly headers: Record<string, string>;
} {
  const address = new URL(kind === 'alertmanager' ? `${url.replace(/\/+$/, '')}/api/v2/alerts` : url);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (address.username !== '') {
    const pair = `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    address.username = '';
    address.password = '';
  }
  return { url: address, headers };
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
