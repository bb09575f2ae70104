import { resolve } from 'node:path';
import type { RuleSettings } from '@maru/server/settings';
import type { Arguments } from '../command.ts';

/** The settings of rules: what the configuration file says, and what flags add to it. */
export function ruleSettings({ lists }: Arguments, config: RuleSettings): RuleSettings {
  const files = (lists?.rules ?? []).map((pattern) => resolve(pattern));
  const alertmanagers = (lists?.alertmanager ?? []).map((url) => ({ kind: 'alertmanager' as const, url }));
  return {
    ...config,
    files: [...config.files, ...files],
    destinations: [...config.destinations, ...alertmanagers],
  };
}
