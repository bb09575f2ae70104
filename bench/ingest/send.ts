import { setTimeout as delay } from 'node:timers/promises';
import type { Sender } from '../shared/sender.ts';
import type { IngestCase } from './cases.ts';
import type { Template } from './template.ts';

/** One acknowledged request: when, and how many items had been acknowledged with it in all. */
export interface Acknowledgement {
  readonly afterMs: number;
  readonly atMs: number;
  readonly items: number;
}

/** Sends a load until `endMs`, as fast as it is acknowledged or at the rate that the load names. */
export async function send(
  sender: Sender,
  { connections, itemsPerRequest, rate }: IngestCase,
  endMs: number,
  requests: readonly Template[],
): Promise<Acknowledgement[]> {
  const acknowledgements: Acknowledgement[] = [];
  const started = performance.now();
  let uses = 0;
  let items = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const use = uses;
      uses += 1;
      const wait = rate === 0 ? 0 : started + (use * itemsPerRequest * 1000) / rate - performance.now();
      if (wait > 0) await delay(wait);
      const request = requests[use % requests.length]?.stamp(BigInt(Date.now()) * 1_000_000n, use);
      const afterMs = await sender.post(request ?? Buffer.alloc(0));
      items += itemsPerRequest;
      acknowledgements.push({ afterMs, atMs: performance.now(), items });
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return acknowledgements;
}

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}

export function quantiles(values: readonly number[]): Quantiles {
  const sorted = Float64Array.from(values).sort();
  const at = (q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
