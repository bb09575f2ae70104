import { resolve } from 'node:path';
import { readPrometheusFile } from '@maru/scrape';
import type { Settings } from '@maru/server/settings';
import type { Arguments } from '../command.ts';
import { textFlag } from '../flag-values.ts';
import { messageOf, UserError } from '../user-error.ts';

/** The file of `--prometheus`, checked. Throws a `UserError` that says what is wrong with it. */
export async function prometheusFile(args: Arguments): Promise<Pick<Settings, 'prometheusFile'>> {
  const given = textFlag(args, 'prometheus');
  if (given === undefined) return {};
  const path = resolve(given);
  try {
    await readPrometheusFile(path);
    return { prometheusFile: path };
  } catch (thrown) {
    throw new UserError(messageOf(thrown));
  }
}
