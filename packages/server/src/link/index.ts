export { IntakeLink } from './client.ts';
export {
  intakeSocketPath,
  type LoadedNotice,
  ownOtlpSocketPath,
  type Retried,
  type SegmentList,
} from './protocol.ts';
export { LinkServer } from './server.ts';
