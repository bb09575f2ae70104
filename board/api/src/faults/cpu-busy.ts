import type { Drill } from './drill.ts';

const sliceMillis = 100;

/** Burns a share of the one thread that answers requests, in slices short enough that health checks get through. */
export function cpuBusy(): Drill {
  let timer: NodeJS.Timeout | undefined;
  return {
    start(share) {
      timer = setInterval(() => burn(sliceMillis * share), sliceMillis);
    },
    stop() {
      clearInterval(timer);
    },
  };
}

function burn(millis: number): void {
  const end = performance.now() + millis;
  while (performance.now() < end) Math.sqrt(end);
}
