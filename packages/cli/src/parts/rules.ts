import { resolve } from 'node:path';
import { ConfigError, problemLine } from '@maru/config';
import { defaultPromqlSettings } from '@maru/promql';
import { loadRules } from '@maru/rules';
import type { RuleSettings } from '@maru/server/settings';
import type { Arguments } from '../command.ts';
import { messageOf, UserError } from '../user-error.ts';

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

/**
 * Reads the files of rules before anything starts. Throws a `UserError` with every problem of the first file that is wrong.
 *
 * @returns a sentence for each pattern that finds no rules; they may come later
 */
export async function checkRules(
  { files, tenantFiles, intervalMs }: RuleSettings,
  experimental: boolean,
): Promise<readonly string[]> {
  const defaults = { intervalMs, promql: { ...defaultPromqlSettings, experimental } };
  const empty: string[] = [];
  for (const pattern of [...files, ...Object.values(tenantFiles).flat()]) {
    const groups = await loadRules([pattern], defaults).catch((thrown: unknown) => {
      throw new UserError(
        thrown instanceof ConfigError ? thrown.problems.map(problemLine).join('\n') : messageOf(thrown),
      );
    });
    if (groups.length === 0) empty.push(`no rules are at ${pattern} yet`);
  }
  return empty;
}
