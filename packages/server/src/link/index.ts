export { IntakeLink } from './client.ts';
export { intakeSocketPath, type LoadedNotice, type Notice, type SegmentList } from './protocol.ts';
export { type LinkHandlers, LinkServer } from './server.ts';
