// Rules and their files

// Alerts
export type { Alert, AlertState } from './evaluate/alert.ts';
export type { RuleEnvironment } from './evaluate/evaluate-rule.ts';
export type { GroupState, RuleState } from './evaluate/group-state.ts';
export { sortedAlerts } from './evaluate/restore.ts';
export type { RuleSample } from './evaluate/sample.ts';
export { type RuleDefaults, readRules } from './file/read.ts';
export { loadRules, RuleFiles } from './file/rule-files.ts';
export type { AlertingRule, RecordingRule, Rule, RuleGroup } from './group.ts';
// Evaluation on time
export { RuleManager } from './manager.ts';
export { type AlertDestination, Notifier } from './notify/notifier.ts';
// Unit tests of rules
export { readTests, type TestFile } from './test/format.ts';
export { runRuleTests } from './test/run.ts';
// What rules have made
export { RecentSamples } from './write/recent-samples.ts';
export { samplesToOtlp } from './write/to-otlp.ts';
