import { setTimeout as pause } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import type { FaultBoard } from './board.ts';
import type { FaultName } from './catalogue.ts';

/** The failure that the error-rate fault makes up. */
class InjectedFailure extends Error {
  override readonly name = 'InjectedFailure';
}

/** Makes API requests slow or fail while those faults are on. Not under /api/faults: a drill must be endable. */
export function injectFaults(app: FastifyInstance, faults: FaultBoard): void {
  app.addHook('preHandler', async function injectFault(request) {
    const path = request.routeOptions.url ?? '';
    if (!path.startsWith('/api/') || path.startsWith('/api/faults')) return;
    const active = faults.activeNames();
    if (active.length === 0) return;
    trace.getActiveSpan()?.setAttribute('board.faults.active', active);
    await delay(faults.valueOf('latency'));
    failSometimes(faults.valueOf('error-rate'));
  });
}

async function delay(millis: number | undefined): Promise<void> {
  if (millis === undefined) return;
  mark('latency', millis);
  await pause(millis);
}

function failSometimes(ratio: number | undefined): void {
  if (ratio === undefined || Math.random() >= ratio) return;
  mark('error-rate', ratio);
  throw new InjectedFailure('failed on purpose: the error-rate fault is on');
}

function mark(name: FaultName, value: number): void {
  trace.getActiveSpan()?.addEvent('fault.injected', { 'board.fault.name': name, 'board.fault.value': value });
}
