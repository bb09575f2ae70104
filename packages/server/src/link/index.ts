export { IntakeLink } from './client.ts';
export { intakeSocketPath, type LoadedNotice, type SegmentList } from './protocol.ts';
export { LinkServer } from './server.ts';
