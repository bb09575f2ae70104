import { logsRequest, RunningStack, tracesRequest } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './support/query.ts';

let stack: RunningStack;
beforeAll(async () => {
  stack = await RunningStack.start();
});
afterAll(() => stack.stop());

interface Item {
  readonly text: string;
  readonly service: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly traceId?: string;
}

/** Reads the events of a tail as they come. */
class Tail {
  readonly items: Item[] = [];
  dropped = 0;
  readonly #stop: AbortController = new AbortController();
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #rest = '';

  /** Resolves when it follows: what is sent from then on it sees. */
  static async open(parameters: string): Promise<Tail> {
    const tail = new Tail();
    const response = await fetch(`${stack.queryUrl}/api/tail?${parameters}`, { signal: tail.#stop.signal });
    if (!response.ok || response.body === null) throw new Error(await response.text());
    tail.#reader = response.body.getReader();
    await tail.#readOnce();
    return tail;
  }

  /** Reads on in the background. */
  read(): void {
    const on = async (): Promise<void> => {
      while (await this.#readOnce());
    };
    on().catch(() => undefined);
  }

  close(): void {
    this.#stop.abort();
  }

  async #readOnce(): Promise<boolean> {
    const { value, done } = (await this.#reader?.read()) ?? { done: true };
    if (done) return false;
    const events = (this.#rest + Buffer.from(value ?? []).toString('utf8')).split('\n\n');
    this.#rest = events.pop() ?? '';
    for (const event of events) this.#take(event);
    return true;
  }

  #take(event: string): void {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? [];
    if (name === 'item') this.items.push(JSON.parse(data ?? ''));
    if (name === 'dropped') this.dropped += Number(JSON.parse(data ?? '').items);
  }
}

async function send(signal: 'logs' | 'traces', body: Uint8Array): Promise<void> {
  const response = await fetch(`${stack.otlpHttpUrl}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Uint8Array.from(body),
  });
  expect(response.status).toBe(200);
}

describe('a follower', () => {
  test('sees every record that is journaled after it came, in order, and none before', async () => {
    await send('logs', logsRequest(1, 5, { service: 'before' }));
    const tail = await Tail.open('signal=logs');
    tail.read();
    for (let round = 0; round < 20; round += 1)
      await send('logs', logsRequest(round, 10, { firstItem: round * 10 }));
    await eventually('all records', async () => tail.items.length >= 200 || undefined);
    expect(tail.items.map(({ attributes }) => attributes['maru.test.item'])).toEqual(
      Array.from({ length: 200 }, (_, item) => String(item)),
    );
    expect(tail.dropped).toBe(0);
    tail.close();
  });

  test('sees what its filter lets through', async () => {
    const tail = await Tail.open('signal=traces&service=cart&attribute=http.request.method=GET');
    const other = await Tail.open('signal=traces');
    tail.read();
    other.read();
    await send('traces', tracesRequest(1, 50, { service: 'shop' }));
    await send('traces', tracesRequest(2, 50, { service: 'cart' }));
    await eventually('all spans', async () => other.items.length === 100 || undefined);
    const wanted = other.items.filter(
      ({ service, attributes }) => service === 'cart' && attributes['http.request.method'] === 'GET',
    );
    expect(wanted.length).toBeGreaterThan(0);
    await eventually('those of the filter', async () => tail.items.length === wanted.length || undefined);
    expect(tail.items).toEqual(wanted);
    expect(tail.items[0]?.traceId).toMatch(/^[0-9a-f]{32}$/);
    tail.close();
    other.close();
  });

  test('that does not read is told what it has missed, and holds nobody up', async () => {
    const tail = await Tail.open('signal=logs');
    const [requests, each] = [150, 200];
    for (let round = 0; round < requests; round += 1)
      await send('logs', logsRequest(round, each, { bodyBytes: 2000 }));
    tail.read();
    await eventually(
      'the sum',
      async () => tail.items.length + tail.dropped === requests * each || undefined,
    );
    expect(tail.dropped).toBeGreaterThan(0);
    expect(tail.items.length).toBeGreaterThan(0);
    tail.close();
  });

  test('is one of at most 32, and makes room when it goes', async () => {
    const tails: Tail[] = [];
    const open = (): Promise<Tail> => Tail.open('signal=metrics');
    const refused = await eventually('the limit', async () => {
      const tail = await open().catch((error: Error) => error);
      if (tail instanceof Error) return tail;
      tails.push(tail);
      return undefined;
    });
    expect(refused.message).toContain('too many followers');
    expect(tails.length).toBeGreaterThan(20);
    for (const tail of tails) tail.close();
    const again = await eventually('room', async () => open().catch(() => undefined));
    again.close();
  });

  test.each([
    ['signal=profiles', 'traces, metrics or logs'],
    ['', 'parameter signal is missing'],
    ['signal=logs&attribute=x', 'must be key=value'],
    ['signal=logs&min_severity=99', 'from 0 to 24'],
  ])('%s is refused', async (parameters, why) => {
    const response = await fetch(`${stack.queryUrl}/api/tail?${parameters}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(why);
  });
});
