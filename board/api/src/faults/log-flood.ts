import type { Logger } from 'pino';
import type { Drill } from './drill.ts';

const tickMillis = 100;

/** Writes many debug-like records a second, at a level that is kept. */
export function logFlood(log: Logger): Drill {
  let timer: NodeJS.Timeout | undefined;
  let written = 0;
  return {
    start(recordsPerSecond) {
      const perTick = Math.ceil((recordsPerSecond * tickMillis) / 1_000);
      timer = setInterval(() => {
        for (let index = 0; index < perTick; index++) {
          written += 1;
          log.info({ 'board.fault.name': 'log-flood', sequence: written }, 'cache entry refreshed');
        }
      }, tickMillis);
    },
    stop() {
      clearInterval(timer);
      written = 0;
    },
  };
}
