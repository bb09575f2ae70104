import { createHash } from 'node:crypto';
import type { SeriesNaming } from '@maru/otlp/prometheus';
import { functionStatements } from '../../schema/apply.ts';
import { namingStatements } from '../../schema/naming.ts';

/**
 * The schema's SQL functions on a server that others use, too. Functions belong to no database there, so each set of them
 * has names of its own, made of what they say: Marus of other versions or with other settings do not change each other's.
 */
export interface RemoteFunctions {
  /** What makes them; each may run again, and by several at once. */
  readonly statements: readonly string[];
  /** The statement with each call of one of them as the server knows it. */
  rename(statement: string): string;
}

const definition = /^CREATE OR REPLACE FUNCTION (\w+) AS/;

export function remoteFunctions(naming: SeriesNaming): RemoteFunctions {
  const texts = [...functionStatements(), ...namingStatements(naming).map(({ text }) => text)];
  const names = new Set(texts.flatMap((text) => definition.exec(text)?.[1] ?? []));
  const mark = createHash('sha256').update(texts.join(';')).digest('hex').slice(0, 12);
  const rename = renamer(names, `maru_${mark}_`);
  const statements = texts.map((text) =>
    rename(
      text.replace(definition, (_, name: string) => `CREATE FUNCTION IF NOT EXISTS maru_${mark}_${name} AS`),
    ),
  );
  return { statements, rename };
}

/** Literals, quoted names and comments go past as they are: a value may hold anything. */
function renamer(names: ReadonlySet<string>, prefix: string): (text: string) => string {
  const tokens = /'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\*.*?\*\/|--[^\n]*|[A-Za-z_]\w*(?=\s*\()/gs;
  return (text) => text.replace(tokens, (token) => (names.has(token) ? `${prefix}${token}` : token));
}
