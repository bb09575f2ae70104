import { Refusal } from '@maru/ledger';
import type { KeyRate } from '../settings.ts';
import type { IngestKey } from './key-file.ts';
import { RateMeter } from './rate-meter.ts';

interface Meters {
  readonly items: RateMeter | undefined;
  readonly bytes: RateMeter | undefined;
}

/** The meters of keys that have a rate, made when a key is first used. */
export class KeyMeters {
  readonly #meters: Map<string, Meters> = new Map();

  /** Throws a `Refusal` that the sender may retry while the key has sent more than its rate allows. */
  check({ id, rate }: IngestKey): void {
    if (rate === undefined) return;
    const { items, bytes } = this.#of(id, rate);
    const seconds = Math.max(items?.waitSeconds ?? 0, bytes?.waitSeconds ?? 0);
    if (seconds > 0)
      throw new Refusal(
        'rate_limited',
        `the ingest key ${id} may send ${inWords(rate)}: send again in ${seconds} s`,
        seconds,
      );
  }

  spent({ id, rate }: IngestKey, items: number, bytes: number): void {
    if (rate === undefined) return;
    const meters = this.#of(id, rate);
    meters.items?.take(items);
    meters.bytes?.take(bytes);
  }

  #of(id: string, rate: KeyRate): Meters {
    const known = this.#meters.get(id);
    if (known !== undefined) return known;
    const meter = (perSecond: number | undefined): RateMeter | undefined =>
      perSecond === undefined ? undefined : new RateMeter(perSecond);
    const made = { items: meter(rate.itemsPerSecond), bytes: meter(rate.bytesPerSecond) };
    this.#meters.set(id, made);
    return made;
  }
}

/** A rate as a person reads it. */
export function inWords({ itemsPerSecond, bytesPerSecond }: KeyRate): string {
  const parts = [
    ...(itemsPerSecond === undefined ? [] : [`${itemsPerSecond} items/s`]),
    ...(bytesPerSecond === undefined ? [] : [`${bytesPerSecond} bytes/s`]),
  ];
  return parts.join(' and ') || 'any rate';
}
