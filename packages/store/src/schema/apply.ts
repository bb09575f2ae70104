import { readFileSync } from 'node:fs';

/** The schema's files in the order they build on each other. */
const order = ['functions', 'prometheus', 'resources', 'spans', 'logs', 'metrics', 'upgrades'] as const;

/** Every statement of the schema; each may run again on a store that has it. */
export function schemaStatements(): readonly string[] {
  return order.flatMap((name) => statementsOf(sqlFile(`../schema/${name}.sql`)));
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
