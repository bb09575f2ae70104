import type { ServerResponse } from 'node:http';
import type { Signal } from '@maru/otlp';
import type { Notice } from './protocol.ts';

/** Signals that a listener was not told of yet because its connection is full. */
interface Listener {
  readonly response: ServerResponse;
  readonly behind: Set<Signal>;
}

/**
 * The streams of notices. A commit while the listener has not read the last notices is not queued but remembered
 * once per signal, so a slow or stopped engine costs no memory.
 */
export class NoticeBoard {
  private readonly listeners = new Set<Listener>();

  attach(response: ServerResponse, unsealed: readonly Signal[]): void {
    const listener: Listener = { response, behind: new Set() };
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.flushHeaders();
    this.listeners.add(listener);
    response.on('close', () => this.listeners.delete(listener));
    response.on('drain', () => catchUp(listener));
    for (const signal of unsealed) tell(listener, signal);
  }

  post(signal: Signal): void {
    for (const listener of this.listeners) tell(listener, signal);
  }

  close(): void {
    for (const { response } of this.listeners) response.end();
    this.listeners.clear();
  }
}

function tell(listener: Listener, signal: Signal): void {
  const { response, behind } = listener;
  if (response.writableLength > 0 || response.writableNeedDrain) {
    behind.add(signal);
    if (!response.writableNeedDrain) setImmediate(() => catchUp(listener));
    return;
  }
  response.write(`${JSON.stringify({ signal } satisfies Notice)}\n`);
}

function catchUp(listener: Listener): void {
  const signals = [...listener.behind];
  listener.behind.clear();
  for (const signal of signals) {
    if (!listener.response.destroyed)
      listener.response.write(`${JSON.stringify({ signal } satisfies Notice)}\n`);
  }
}
