// The proof that telemetry arrives: one request, followed into all three signals.
export type { Proof } from './finding.ts';
export { prove } from './prove.ts';
export { proofLines } from './render.ts';
export { maruAt, type Stack } from './target.ts';
