import type { OtlpCause } from './cause.ts';
import { answerCauses } from './causes-answer.ts';
import { protocolCauses } from './causes-protocol.ts';
import { reachCauses } from './causes-reach.ts';
import type { OtlpCauseId } from './verdict.ts';

/** Every cause that the walk can name. */
export const otlpCauses: Readonly<Record<OtlpCauseId, OtlpCause>> = {
  ...reachCauses,
  ...protocolCauses,
  ...answerCauses,
};
