import type { ProbeCause } from '../probe/finding.ts';
import type { OtlpStep } from './verdict.ts';

/** A cause, and the step of the way that it stops; `signal` stands for the step of the signal that was sent. */
export interface OtlpCause extends ProbeCause {
  readonly step: OtlpStep | 'signal';
}
