export { type Sql, type SqlValue, identifier, join, sql } from './sql.ts';
export {
  type Column,
  type Columns,
  type Reader,
  ReadError,
  type ReadErrorKind,
  type ReadOptions,
} from './reader.ts';
