import type { Drill } from './drill.ts';

const defaultCeilingBytes = 96 * 1024 * 1024;
const tickMillis = 250;

/** Keeps more and more memory up to a ceiling, and lets go of all of it at the end. */
export function memoryLeak(ceilingBytes: number = defaultCeilingBytes): Drill {
  let kept: Buffer[] = [];
  let keptBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  return {
    start(mebibytesPerSecond) {
      const step = Math.round((mebibytesPerSecond * 1024 * 1024 * tickMillis) / 1_000);
      timer = setInterval(() => {
        if (keptBytes + step > ceilingBytes) return;
        kept.push(Buffer.alloc(step, 1)); // filled, or the pages would not be resident
        keptBytes += step;
      }, tickMillis);
    },
    stop() {
      clearInterval(timer);
      kept = [];
      keptBytes = 0;
    },
  };
}
