import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A statement that the engine in the process can run, and what it leaves behind. */
export interface LocalStatement {
  readonly text: string;
  /** The format that the statement asks its result in. */
  readonly format: string | undefined;
  /** Removes the file that holds the statement's data, if there is one. */
  clean(): void;
}

const longestHead = 262_144;

/**
 * What differs between a server and the engine in the process: data comes in a file and not behind the statement, a query
 * has no id of the client's, and there is one node.
 */
export function localStatement(statement: Buffer, directory: string, queryId: string): LocalStatement {
  const head = statement.subarray(0, longestHead).toString('latin1');
  const dataFormat = /^\s*INSERT\b/i.test(head) ? /\bFORMAT[ ]+(\w+)[ ]*\r?\n/.exec(head) : null;
  if (dataFormat === null) return plain(oneNode(killing(statement.toString())), queryId);
  const at = dataFormat.index + dataFormat[0].length;
  const file = join(directory, `body-${queryId}`);
  writeFileSync(file, statement.subarray(at));
  const text = statement.subarray(0, dataFormat.index).toString();
  return {
    text: marked(overFile(oneNode(text), file, dataFormat[1] ?? ''), queryId),
    format: 'Null',
    clean: () => rmSync(file, { force: true }),
  };
}

function plain(text: string, queryId: string): LocalStatement {
  const format = /\bFORMAT\s+(\w+)\s*;?\s*$/i.exec(text);
  return {
    text: marked(format === null ? text : text.slice(0, format.index), queryId),
    format: format?.[1],
    clean: () => undefined,
  };
}

/** `input()` reads what comes with the statement; so does `INSERT INTO … FORMAT`. */
function overFile(text: string, file: string, format: string): string {
  const parts = text.split(/\binput\(/);
  if (parts.length === 1) return `${text} FROM INFILE '${file}' FORMAT ${format}`;
  if (parts.length > 2) throw new Error('Code: 36. DB::Exception: input() may be used once. (BAD_ARGUMENTS)');
  return parts.join(`file('${file}', '${format}', `);
}

/** What a node does of what a cluster is asked, where there is nobody to replicate with. */
function oneNode(text: string): string {
  return text
    .replace(/\bON CLUSTER (?:`[^`]*`|'[^']*'|\w+)/g, '')
    .replace(/\bENGINE = Replicated(\w*MergeTree)\('[^']*', '[^']*'\)/g, 'ENGINE = $1')
    .replace(/\breplicated_deduplication_window(?:_seconds)? = \d+,?/g, '');
}

/** The mark is split so that the statement does not find itself. */
function killing(text: string): string {
  if (!/^\s*KILL\s+QUERY\b/i.test(text)) return text;
  return text.replace(/\bquery_id = '([^']*)'/, (_, id: string) => {
    const middle = Math.ceil(id.length / 2);
    return `position(query, concat('query_id ', '${id.slice(0, middle)}', '${id.slice(middle)}')) > 0`;
  });
}

function marked(text: string, queryId: string): string {
  return `/* query_id ${queryId} */ ${text}`;
}
