export { examineBundle, examineText } from './examine.ts';
export { type Paint, reportLines } from './report/lines.ts';
export type { Diagnosis, Finding } from './report/report.ts';
export { languageOf } from './report/words.ts';
export type { Language } from './rules/text.ts';
export { planLines, planOf, type SettingsPlan, variablesIn } from './settings.ts';
