import { fileURLToPath } from 'node:url';
import { identifier, join, type Sql, sql, trusted } from '../../sql.ts';
import type { SegmentFile, SegmentInsert } from '../engine.ts';
import { type EngineSettings, insertSettings, messageSettings } from '../insert-settings.ts';

const protoPath: string = fileURLToPath(import.meta.resolve('@maru/otlp/otlp.proto'));

/** The INSERT as an engine runs it that can read the segment's file. */
export function insertFromFile(statement: SegmentInsert, { path, token }: SegmentFile): Sql {
  return overFile(statement, path, insertSettings(`${token}/${statement.name}`));
}

/** A statement over the messages of a file. */
export function overFile(
  { text, structure, message }: Omit<SegmentInsert, 'name'>,
  path: string,
  further: EngineSettings = {},
): Sql {
  const messages = sql`file(${path}, 'Protobuf', ${structure})`.text;
  const settings = { format_schema: `${protoPath}:${message}`, ...messageSettings, ...further };
  const assigned = Object.entries(settings).map(([name, value]) => sql`${identifier(name)} = ${value}`);
  return sql`${trusted(text.replaceAll('{messages}', () => messages))} SETTINGS ${join(assigned, ', ')}`;
}
