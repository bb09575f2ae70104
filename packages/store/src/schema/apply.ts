import { readFileSync } from 'node:fs';

/** The schema's files in the order they build on each other. Functions belong to no database: all of them share these. */
const functionFiles = ['functions', 'prometheus'];
const tableFiles = ['resources', 'spans', 'logs', 'metrics', 'chunks', 'inserted-series', 'upgrades'];

/** The functions; each statement may run again. */
export function functionStatements(): readonly string[] {
  return functionFiles.flatMap(fileStatements);
}

/** What a database needs beside the functions; each statement may run again on one that has it. */
export function tableStatements(): readonly string[] {
  return tableFiles.flatMap(fileStatements);
}

function fileStatements(name: string): readonly string[] {
  return statementsOf(sqlFile(`../schema/${name}.sql`));
}

/** Text of a `.sql` file beside the code, without its comments. */
export function sqlFile(relativePath: string): string {
  return readFileSync(new URL(relativePath, import.meta.url), 'utf8').replace(/^\s*--.*$/gm, '');
}

function statementsOf(text: string): readonly string[] {
  return text
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
