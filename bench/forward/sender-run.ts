import { setTimeout as delay } from 'node:timers/promises';
import { type DestinationSettings, Forwarder, type Source, type SourceRead } from '@maru/forward';
import { defaultNaming } from '@maru/otlp/prometheus';
import { cases, templates } from '../ingest/cases.ts';

const load = cases.spans;
if (load === undefined) throw new Error('there is no case "spans"');
const requests = templates(load);

export const spansPerRequest: number = load.itemsPerRequest;
export const spanBytes: number = Math.round((requests[0]?.bytes.length ?? 0) / spansPerRequest);

/** A source that has everything at once, and the forwarder that it feeds. */
export class SenderRun {
  readonly #forwarder: Forwarder;
  readonly #total: number;
  #read = 0;
  #settled = 0;

  constructor(destinations: readonly DestinationSettings[], total: number) {
    this.#total = total;
    this.#forwarder = new Forwarder({
      destinations,
      naming: defaultNaming,
      source: () => this.#source(),
      keep: async () => true,
      say: (sentence) => console.error(sentence),
    });
  }

  async finished(): Promise<void> {
    while (this.#settled < this.#total) await delay(10);
  }

  close(): Promise<void> {
    return this.#forwarder.close();
  }

  #source(): Source {
    return {
      read: async (maxBytes) => this.#next(maxBytes),
      settled: (to) => {
        this.#settled = to.offset;
      },
      skipTo: () => undefined,
      close: async () => undefined,
    };
  }

  #next(maxBytes: number): SourceRead | undefined {
    if (this.#read === this.#total) return undefined;
    const count = Math.min(
      this.#total - this.#read,
      Math.max(1, Math.floor(maxBytes / (spanBytes * spansPerRequest))),
    );
    const first = this.#read;
    this.#read += count;
    const requests = Array.from({ length: count }, (_, index) => requestAt(first + index));
    return { requests, lostItems: 0, end: { segment: 1, offset: this.#read } };
  }
}

/** A copy, as a read of the journal gives one, with trace ids of its own. */
function requestAt(number: number): SourceRead['requests'][number] {
  const stamped = requests[number % requests.length]?.stamp(BigInt(Date.now()) * 1_000_000n, number);
  const request = Buffer.from(stamped ?? []);
  return {
    request,
    account: { items: spansPerRequest, nestedValues: 0, kinds: { nativeHistogram: 0 } },
    receivedTimeUnixNano: 0n,
    start: { segment: 1, offset: number },
  };
}
