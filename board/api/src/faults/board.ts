import { metrics } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { ReadingMode } from '../messages/messages.ts';
import { defaultSeconds, type FaultKind, type FaultName, faultKinds, longestSeconds } from './catalogue.ts';
import type { Drill } from './drill.ts';

/** A fault with its present state. */
export interface FaultState {
  readonly kind: FaultKind;
  readonly enabled: boolean;
  /** In the kind's unit: the value in force, or what it would be if switched on. */
  readonly value: number;
  /** When it ends by itself; undefined when it is off. */
  readonly endsAt: Date | undefined;
}

/** How a fault is switched on; what is left out takes the default, what is out of bounds is brought to the bound. */
export interface SwitchOn {
  readonly seconds?: number | undefined;
  readonly value?: number | undefined;
}

interface ActiveFault {
  readonly value: number;
  readonly endsAt: Date;
  readonly timer: NodeJS.Timeout;
}

/** Which faults are on. Each ends by itself; switching one on again restarts it with the new value and time. */
export class FaultBoard {
  readonly #drills: ReadonlyMap<FaultName, Drill>;
  readonly #log: Logger;
  readonly #active = new Map<FaultName, ActiveFault>();
  /** Switches happen one after another, so that a drill's start and stop never overlap. */
  #lastSwitch: Promise<void> = Promise.resolve();

  constructor(drills: ReadonlyMap<FaultName, Drill>, log: Logger) {
    this.#drills = drills;
    this.#log = log;
    this.#observe();
  }

  /** Switches a fault on; resolves when it is in force. */
  switchOn(kind: FaultKind, options: SwitchOn): Promise<void> {
    const seconds = clamp(options.seconds ?? defaultSeconds, 1, longestSeconds);
    const value = clamp(options.value ?? kind.defaultValue, kind.minimum, kind.maximum);
    return this.#inTurn(async () => {
      await this.#end(kind.name, 'restarted');
      await this.#begin(kind, value, seconds);
    });
  }

  /** Switches a fault off; resolves when nothing of it is left. */
  switchOff(kind: FaultKind): Promise<void> {
    return this.#inTurn(() => this.#end(kind.name, 'switched off'));
  }

  /** All faults with their state. */
  list(): FaultState[] {
    return faultKinds.map((kind) => {
      const active = this.#active.get(kind.name);
      return {
        kind,
        enabled: active !== undefined,
        value: active?.value ?? kind.defaultValue,
        endsAt: active?.endsAt,
      };
    });
  }

  /** The value in force of a fault; undefined when it is off. */
  valueOf(name: FaultName): number | undefined {
    return this.#active.get(name)?.value;
  }

  /** The names of the faults that are on. */
  activeNames(): FaultName[] {
    return [...this.#active.keys()];
  }

  /** How messages are to be listed under the faults in force. */
  readingMode(): ReadingMode {
    return { sleepSeconds: this.valueOf('slow-sql') ?? 0, authorsOneByOne: this.#active.has('n-plus-one') };
  }

  /** Ends all faults. */
  async close(): Promise<void> {
    await this.#inTurn(async () => {
      for (const name of this.activeNames()) await this.#end(name, 'shutting down');
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#lastSwitch.then(work);
    this.#lastSwitch = turn.catch(() => undefined);
    return turn;
  }

  async #begin(kind: FaultKind, value: number, seconds: number): Promise<void> {
    const fields = { 'board.fault.name': kind.name, 'board.fault.value': value, seconds };
    this.#log.warn(fields, 'fault started');
    await this.#drills.get(kind.name)?.start(value);
    const timer = setTimeout(() => {
      void this.#inTurn(() => this.#end(kind.name, 'time is up'));
    }, seconds * 1_000);
    this.#active.set(kind.name, { value, endsAt: new Date(Date.now() + seconds * 1_000), timer });
  }

  async #end(name: FaultName, reason: string): Promise<void> {
    const active = this.#active.get(name);
    if (!active) return;
    clearTimeout(active.timer);
    this.#active.delete(name);
    await this.#drills.get(name)?.stop();
    this.#log.warn({ 'board.fault.name': name, reason }, 'fault ended');
  }

  #observe(): void {
    const gauge = metrics.getMeter('board').createObservableGauge('board.fault.active', {
      description: '1 while the fault is switched on, else 0',
    });
    gauge.addCallback((result) => {
      for (const { name } of faultKinds) result.observe(this.#active.has(name) ? 1 : 0, { fault: name });
    });
  }
}

function clamp(value: number, minimum: number, maximum: number): number {
  return Math.min(maximum, Math.max(minimum, value));
}
