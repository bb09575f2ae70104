import type { Discovery } from '../config/job.ts';
import { watchFiles } from './file.ts';
import { watchKubernetes } from './kubernetes.ts';
import { addressesOf, type WatchOptions } from './watching.ts';

/** Looks for targets until the signal is aborted. Resolves when it does not look any more. */
export async function watch(discovery: Discovery, options: WatchOptions): Promise<void> {
  if (discovery.kind === 'file') await watchFiles(discovery, options);
  else if (discovery.kind === 'kubernetes') await watchKubernetes(discovery, options);
  else options.found(discovery.groups.flatMap(addressesOf));
}
