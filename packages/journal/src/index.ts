export { addAccounts, decodeAccount, encodeAccount } from './account.ts';
export { syncDirectory } from './durable.ts';
export { JournalError, JournalFull } from './errors.ts';
export { Journal, type JournalOptions, journalDirectory } from './journal.ts';
export { isBefore, type JournaledRequest, type JournalRead, JournalReader } from './reader.ts';
export { encodeRecord, type RecordRange } from './record.ts';
export type { WaitingSegment } from './recover.ts';
export type { Damage } from './scan.ts';
export {
  listSegments,
  readSegment,
  type SegmentContent,
  type SegmentFile,
  type SegmentRecord,
  segmentAccount,
  segmentPath,
} from './segment.ts';
export { SegmentBuffer } from './segment-buffer.ts';
export { Space, type SpaceLimits } from './space.ts';
export {
  type Commit,
  type FsyncPolicy,
  type JournalPosition,
  JournalWriter,
  type WriterOptions,
} from './writer.ts';
