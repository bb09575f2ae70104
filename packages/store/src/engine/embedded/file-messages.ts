import { fileURLToPath } from 'node:url';
import { type Sql, sql, trusted } from '../../sql.ts';
import type { SegmentFile, SegmentInsert } from '../engine.ts';
import { insertSettings, messageSettings } from '../insert-settings.ts';

const protoPath: string = fileURLToPath(import.meta.resolve('@maru/otlp/otlp.proto'));

/** The INSERT as an engine runs it that can read the segment's file. */
export function insertFromFile(statement: SegmentInsert, { path, token }: SegmentFile): Sql {
  return sql`${overFile(statement, path)}, ${insertSettings(`${token}/${statement.name}`)}`;
}

/** A statement over the messages of a file, up to its settings. */
export function overFile({ text, structure, message }: Omit<SegmentInsert, 'name'>, path: string): Sql {
  const messages = sql`file(${path}, 'Protobuf', ${structure})`.text;
  return sql`${trusted(text.replaceAll('{messages}', () => messages))}
    SETTINGS format_schema = ${`${protoPath}:${message}`}, ${messageSettings}`;
}
