export type {
  DoctorFinding,
  DoctorGap,
  DoctorResponse,
  DoctorText,
  DoubledResponse,
  LedgerCounts,
  LedgerResponse,
  Rejection,
  ScrapedTarget,
  ScrapedTargets,
  ServiceCounts,
  ServicePoint,
  ServiceSummary,
  ServicesResponse,
  SessionResponse,
  Signal,
  StatusResponse,
} from './contract.ts';
export { createApi } from './create-api.ts';
export type { ApiDependencies, TailFrame } from './dependencies.ts';
export { RequestError } from './http/failure.ts';
export type { Serve } from './http/serve.ts';
export { doubledLately } from './maru/doubled.ts';
