import type { LedgerResponse } from '@maru/api';
import type { Meter } from '@opentelemetry/api';

/** Registers what the stack says of itself beyond its requests: its memory, and the ledger. */
export function observeStack(meter: Meter, ledger: () => Promise<LedgerResponse>): void {
  meter
    .createObservableGauge('process.memory.usage', {
      unit: 'By',
      description: 'Resident memory of the engine process',
    })
    .addCallback((result) => result.observe(process.memoryUsage.rss()));
  meter
    .createObservableCounter('process.cpu.time', { unit: 's', description: 'CPU time of the engine process' })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe(user / 1e6, { 'cpu.mode': 'user' });
      result.observe(system / 1e6, { 'cpu.mode': 'system' });
    });
  meter
    .createObservableCounter('maru.ledger.items', {
      unit: '{item}',
      description: 'Items by signal and stage',
    })
    .addCallback(async (result) => {
      const { signals } = await ledger();
      for (const [signal, counts] of Object.entries(signals)) {
        for (const stage of ['received', 'rejected', 'journaled', 'stored', 'dead'] as const) {
          result.observe(Number(counts[stage]), { signal, stage });
        }
      }
    });
}
