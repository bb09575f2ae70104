export { exceedsMemory, lacksMemory, mayPass } from './engine/errors.ts';
export { seriesRefreshMilliseconds } from './load/known-series.ts';
export type { Loader } from './load/loader.ts';
export type { Segment, SegmentContent, SegmentKinds } from './load/segment.ts';
export type { Maintenance } from './maintain.ts';
export { Arena } from './native/arena.ts';
export {
  type Column,
  type Columns,
  type NumberQuery,
  type NumberSamples,
  type NumberSlice,
  ReadError,
  type ReadErrorKind,
  type Reader,
  type ReadOptions,
  type SampleShape,
} from './reader.ts';
export type { ChunkMaker, MakerControl, MakerStep } from './samples/chunk-maker.ts';
export type { WrittenChunks } from './samples/chunk-writer.ts';
export type { NumberDeletion } from './samples/delete-numbers.ts';
export { identifier, join, type Sql, type SqlValue, sql } from './sql.ts';
export {
  type Database,
  openStore,
  type Store,
  type StoreHealth,
  type StoreOptions,
} from './store.ts';
