export { bundleOf } from './bundle/bundle.ts';
export { commandSettings } from './command-settings.ts';
export {
  examineBundle,
  examineCluster,
  examineLedger,
  examineLive,
  examineText,
  type LivePlaces,
  lookAtLive,
  type Question,
} from './examine.ts';
export { credentialsFor } from './image/credentials.ts';
export { examineImage } from './image/examine-image.ts';
export { isArchitecture, platformOf } from './image/platform.ts';
export { referenceOf } from './image/reference.ts';
export { readProcess } from './look/processes.ts';
export { ledgerSeen, lookAtStack } from './look/stack.ts';
export { type OtlpProtocol, type OtlpTarget, otlpProtocols, withoutUser } from './otlp/target.ts';
export { walkOtlp } from './otlp/walk.ts';
export type { ProbeReport } from './probe/finding.ts';
export { probeLines } from './probe/lines.ts';
export { reportLines } from './report/lines.ts';
export { markdownOf } from './report/markdown.ts';
export type { Paint } from './report/paint.ts';
export type { Diagnosis, Finding } from './report/report.ts';
export { languageOf } from './report/words.ts';
export type { Language } from './rules/text.ts';
export { planLines, planOf, type SettingsPlan, variablesIn } from './settings.ts';
export { readWorkloadSettings, type WorkloadSettings } from './workload-settings.ts';
