import { connect } from 'node:net';
import { setTimeout as later } from 'node:timers/promises';

/** Asks every quarter of a second until it is so. Rejects after `seconds`, saying what was waited for. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  seconds = 60,
): Promise<void> {
  const deadline = performance.now() + seconds * 1_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await later(250);
  }
}

/** Waits until something takes connections on a port of loopback. */
export async function untilListening(port: number): Promise<void> {
  await until(`somebody who listens on port ${port}`, () => takes(port), 20);
}

function takes(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
