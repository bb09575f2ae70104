import type { Logger } from 'pino';
import type { Course } from '../telemetry/gate.ts';
import type { Telemetry } from '../telemetry/start.ts';
import type { Drill } from './drill.ts';

const flushMillis = 1_000;

/**
 * Lets exports go nowhere. What was recorded before is sent first, so that the backend sees the fault begin; what is
 * recorded meanwhile is lost, as it would be.
 */
export function telemetryLost(telemetry: Telemetry, course: Course, log: Logger): Drill {
  return {
    async start() {
      await telemetry.flush(flushMillis);
      telemetry.route.setCourse(course);
    },
    stop() {
      telemetry.route.setCourse('normal');
      const dropped = telemetry.route.takeDropped();
      if (dropped > 0)
        log.warn({ batches: dropped }, 'telemetry batches were dropped while telemetry was stopped');
    },
  };
}
