// Keeping processes alive: what to start, and the one who does it.
export type { ChildSpec, Readiness, TerminalLines } from './child-spec.ts';
export { httpReadiness } from './child-spec.ts';
export type { SupervisorOptions } from './supervisor.ts';
export { Supervisor } from './supervisor.ts';
