import { setTimeout as delay } from 'node:timers/promises';
import { isSignal, type Signal } from '@maru/otlp';
import type { ApiDependencies, TailFrame } from '../../dependencies.ts';
import { RequestError } from '../../http/failure.ts';
import { shown } from '../../http/parameters.ts';
import type { Handle } from '../../http/router.ts';
import { readTailFilter, type TailFilter } from './filter.ts';
import { itemsOf } from './items.ts';

/**
 * `GET /api/tail?signal=logs`: what is journaled from now on, as server-sent events: `item` with an item, `dropped` with how many
 * were left out because the follower reads too slowly. Intake does not wait for it.
 */
export function tail(follow: ApiDependencies['follow']): Handle {
  return async ({ parameters, signal: gone }) => {
    const signal = parameters.require('signal');
    if (!isSignal(signal))
      throw new RequestError(
        'bad_request',
        `cannot read parameter signal from ${shown(signal)}: it must be traces, metrics or logs`,
      );
    if (follow === undefined) throw new RequestError('unavailable', 'nothing can be followed here');
    const filter = readTailFilter(parameters);
    const frames = await follow(signal, gone);
    return {
      status: 200,
      contentType: 'text/event-stream',
      headers: { 'x-accel-buffering': 'no' },
      body: withHeartbeat(eventsOf(frames, signal, filter)),
    };
  };
}

async function* eventsOf(
  frames: AsyncIterable<TailFrame>,
  signal: Signal,
  filter: TailFilter,
): AsyncGenerator<string, void, undefined> {
  for await (const frame of frames) {
    if ('dropped' in frame) yield event('dropped', { items: String(frame.dropped) });
    else for (const item of itemsOf(signal, frame.request)) if (filter(item)) yield event('item', item);
  }
}

function event(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Proxies cut off what is silent for longer. */
const heartbeatMs = 15_000;
/** A line that clients skip. The first one comes at once, so that a client knows that it follows. */
const heartbeat = ':\n\n';

async function* withHeartbeat(
  events: AsyncGenerator<string, void, undefined>,
): AsyncGenerator<string, void, undefined> {
  try {
    yield heartbeat;
    let next = events.next();
    for (;;) {
      const result = await firstOf(next);
      if (result === undefined) yield heartbeat;
      else if (result.done === true) return;
      else {
        yield result.value;
        next = events.next();
      }
    }
  } finally {
    await events.return();
  }
}

/** The result, or undefined when it takes longer than a heartbeat. */
async function firstOf<Result>(result: Promise<Result>): Promise<Result | undefined> {
  const stop = new AbortController();
  const beat = delay(heartbeatMs, undefined, { signal: stop.signal }).catch(() => undefined);
  try {
    return await Promise.race([result, beat]);
  } finally {
    stop.abort();
  }
}
