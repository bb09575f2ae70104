import type { Fix, Text } from '../rules/cause.ts';
import { fill, fillText, type Values } from '../rules/text.ts';

/** A cause that a probe of something running can name; `{name}` in its texts is filled from what was seen. */
export interface ProbeCause {
  readonly title: Text;
  readonly fix: readonly Fix[];
}

/** Why a probe did not get through, with the exact text that it saw. */
export interface ProbeFinding {
  /** Stable: scripts refer to it. */
  readonly id: string;
  readonly title: Text;
  /** As the system, the library or the server said it; secrets are taken out. */
  readonly seen: string;
  readonly fix: readonly Fix[];
  /** Path of the cause's page in the documentation. */
  readonly page: string;
}

/** One step of the way, as it went. */
export interface ProbeStep<Name extends string = string> {
  readonly step: Name;
  readonly ok: boolean;
  /** What was seen: addresses, a certificate's names, a status. */
  readonly seen: string;
}

/** `could-not-look`: nothing wrong was found, but a part could not be examined. */
export type ProbeStatus = 'healthy' | 'findings' | 'could-not-look';

/** What a probe answers, whatever it probed. */
export interface ProbeReport {
  readonly status: ProbeStatus;
  readonly steps: readonly ProbeStep[];
  readonly findings: readonly ProbeFinding[];
}

/** Apart from the pages of causes found in evidence: some have the same id. */
export function probePage(id: string): string {
  return `docs/reference/doctor/probes/${id}.md`;
}

/** A cause of the table with its texts filled in. */
export function findingOf(id: string, cause: ProbeCause, seen: string, values: Values): ProbeFinding {
  return {
    id,
    title: fillText(cause.title, values),
    seen,
    fix: cause.fix.map(({ say, run }) => ({
      ...(say === undefined ? {} : { say: fillText(say, values) }),
      ...(run === undefined ? {} : { run: fill(run, values) }),
    })),
    page: probePage(id),
  };
}
