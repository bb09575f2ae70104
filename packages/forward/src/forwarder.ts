import type { DestinationTrouble } from '@maru/ledger';
import { type Signal, signals } from '@maru/otlp';
import type { SeriesNaming } from '@maru/otlp/prometheus';
import { Lane, type RefusedRequest } from './lane.ts';
import { createPipeline } from './pipeline.ts';
import { createSender } from './send/create-sender.ts';
import type { DestinationSettings } from './settings.ts';
import type { Position, Source } from './source.ts';

/** What forwarding stands on; the wiring gives the journal, the ledger and a place for dead letters. */
export interface ForwarderOptions {
  readonly destinations: readonly DestinationSettings[];
  /** How series are named for remote write, which is as queries show them. */
  readonly naming: SeriesNaming;
  readonly source: (destination: string, signal: Signal) => Source;
  /** See `LaneOptions`. */
  readonly keep: (destination: DestinationSettings, refused: RefusedRequest) => Promise<boolean>;
  readonly say: (sentence: string) => void;
}

/** All destinations, each signal of each on its own: none waits for another. */
export class Forwarder {
  readonly #lanes: ReadonlyMap<string, Lane>;

  /** Begins at once. Throws one sentence when the files of a destination's TLS cannot be read. */
  constructor(options: ForwarderOptions) {
    const parts = options.destinations.flatMap((settings) =>
      signalsOf(settings).map((signal) => {
        const sender = createSender(settings, signal, options.naming);
        const pipeline = createPipeline(signal, settings.processors);
        return { settings, signal, sender, pipeline };
      }),
    );
    const { source, keep, say } = options;
    this.#lanes = new Map(
      parts.map(({ settings, signal, ...rest }) => [
        laneName(settings.name, signal),
        new Lane({
          ...rest,
          settings,
          signal,
          say,
          source: source(settings.name, signal),
          keep: (refused) => keep(settings, refused),
        }),
      ]),
    );
  }

  /** Something of a signal was journaled. */
  notify(signal: Signal): void {
    for (const [name, lane] of this.#lanes) if (name.endsWith(`/${signal}`)) lane.notify();
  }

  /** See `Lane.giveUp`. */
  giveUp(destination: string, signal: Signal, to: Position): void {
    this.#lanes.get(laneName(destination, signal))?.giveUp(to);
  }

  /** The lane of a destination's signal; undefined when it does not take it. */
  lane(destination: string, signal: Signal): Lane | undefined {
    return this.#lanes.get(laneName(destination, signal));
  }

  /** What keeps each destination from getting anything; the older of its signals' troubles. */
  troubles(): ReadonlyMap<string, DestinationTrouble> {
    const troubles = new Map<string, DestinationTrouble>();
    for (const [name, { trouble }] of this.#lanes) {
      const [destination = ''] = name.split('/');
      if (trouble === undefined) continue;
      const told = { sinceTimeUnixNano: `${trouble.sinceUnixMs}000000`, detail: trouble.detail };
      const known = troubles.get(destination);
      if (known === undefined || known.sinceTimeUnixNano > told.sinceTimeUnixNano)
        troubles.set(destination, told);
    }
    return troubles;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
  }
}

function laneName(destination: string, signal: Signal): string {
  return `${destination}/${signal}`;
}

/** The signals that a destination takes, in the usual order. */
export function signalsOf({ endpoints }: DestinationSettings): readonly Signal[] {
  return signals.filter((signal) => endpoints[signal] !== undefined);
}
