import { setTimeout as delay } from 'node:timers/promises';
import { createPromqlEngine, defaultPromqlSettings, type PromqlSettings } from '@maru/promql';
import { labelsOf } from '@maru/query-core';
import {
  type GroupState,
  Notifier,
  RecentSamples,
  type RuleEnvironment,
  RuleFiles,
  RuleManager,
  type RuleSample,
  samplesToOtlp,
} from '@maru/rules';
import type { Reader } from '@maru/store';
import type { RuleSettings, Settings } from '../settings.ts';
import { type OwnDoor, sendMetrics } from './own-door.ts';

export interface RuleWiring {
  readonly settings: RuleSettings;
  readonly promql: PromqlSettings;
  readonly reader: Reader;
  readonly door: OwnDoor;
  readonly report: (sentence: string) => void;
}

/** What the settings say of PromQL. */
export function promqlOf({ promqlExperimental, promqlDelayedNameRemoval }: Settings): PromqlSettings {
  return {
    ...defaultPromqlSettings,
    experimental: promqlExperimental,
    delayedNameRemoval: promqlDelayedNameRemoval,
  };
}

/** Rules at work. */
export interface RunningRules {
  readonly states: () => readonly GroupState[];
  readonly close: () => Promise<void>;
}

/** Reads the rules and evaluates them on time. Rejects when a file of them is wrong. */
export async function startRules(wiring: RuleWiring): Promise<RunningRules> {
  const { settings, promql, door, report } = wiring;
  const recent = new RecentSamples();
  const notifier = new Notifier({ ...settings, report });
  const manager = new RuleManager({
    environment: environmentOf(wiring, recent),
    tell: (notices) => notifier.tell(notices),
    write: async (samples) => {
      recent.add(samples);
      await written(door, samples);
    },
    report,
  });
  const files = await RuleFiles.open({
    patterns: settings.files,
    defaults: { intervalMs: settings.intervalMs, promql },
    changed: (groups) => manager.replace(groups),
    report,
  });
  return {
    states: () => manager.states,
    close: async () => {
      await files.close();
      await manager.close();
      await notifier.close();
    },
  };
}

function environmentOf({ reader, promql, settings }: RuleWiring, recent: RecentSamples): RuleEnvironment {
  const engine = createPromqlEngine(reader, { settings: promql, sources: [recent.source] });
  return {
    query: (expression, timeMs) => engine.instant(expression, timeMs),
    externalLabels: labelsOf(Object.entries(settings.externalLabels)),
    externalUrl: settings.externalUrl,
  };
}

/** The intake may be restarting: it is asked once more after a second. */
async function written(door: OwnDoor, samples: readonly RuleSample[]): Promise<void> {
  if (samples.length === 0) return;
  const body = samplesToOtlp(samples);
  try {
    await sendMetrics(door, body);
  } catch {
    await delay(1000);
    await sendMetrics(door, body);
  }
}
