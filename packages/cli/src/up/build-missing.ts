import { build, type FrontEnd, needsBuild } from '../build/front-end.ts';
import type { Progress } from '../terminal/progress.ts';

/** Builds those front ends whose sources changed. `MARU_NO_INSTALL=1`: none, as in an image that brings them. */
export async function buildMissing(
  frontEnds: readonly FrontEnd[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  if (process.env.MARU_NO_INSTALL === '1') return;
  const stale = frontEnds.filter(needsBuild);
  await Promise.all(
    stale.map((frontEnd) => progress.run(`Building ${frontEnd.dir}`, () => build(frontEnd, signal))),
  );
}
