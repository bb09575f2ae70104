/**
 * SQL text that is safe to run: only the `sql` template makes it, and the template quotes every value it is given.
 * `store` takes nothing else, so a query with an unquoted value cannot be written.
 */
export interface Sql {
  readonly text: string;
  readonly [brand]: true;
}

declare const brand: unique symbol;

/** What a template may hold: a value to quote, a list of values, or SQL made by another template. */
export type SqlValue = string | number | bigint | boolean | Sql | readonly SqlValue[];

/**
 * Joins the template's own text with its values, each quoted by its type.
 *
 * @example sql`SELECT count() FROM spans WHERE service_name = ${name} AND kind IN ${['server', 'consumer']}`
 */
export function sql(strings: TemplateStringsArray, ...values: readonly SqlValue[]): Sql {
  let text = strings[0] ?? '';
  values.forEach((value, index) => {
    text += quote(value) + (strings[index + 1] ?? '');
  });
  return trusted(text);
}

/** Joins fragments with a separator (`AND`, `,`); the separator is the code's own text, never a user's. */
export function join(
  fragments: readonly Sql[],
  separator: ' AND ' | ' OR ' | ', ' | ' UNION ALL ' | ' ',
): Sql {
  return trusted(fragments.map((fragment) => fragment.text).join(separator));
}

/** A name of the schema, in backquotes. For names that code chose; a user's text is a value, not a name. */
export function identifier(name: string): Sql {
  return trusted(`\`${name.replace(/\\/g, '\\\\').replace(/`/g, '\\`')}\``);
}

/** Text of a `.sql` file of this repository. Not exported from the package: users' text must not come this way. */
export function trusted(text: string): Sql {
  return Object.freeze({ text }) as Sql;
}

function quote(value: SqlValue): string {
  switch (typeof value) {
    case 'string':
      return quoteString(value);
    case 'number':
      return quoteNumber(value);
    case 'bigint':
      return quoteBigInt(value);
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return isSql(value) ? value.text : `(${value.map(quote).join(', ')})`;
  }
}

function isSql(value: Sql | readonly SqlValue[]): value is Sql {
  return !Array.isArray(value);
}

/**
 * A string literal that ends where it should, whatever the bytes. Control characters and everything that has a
 * meaning inside quotes is escaped; a lone surrogate becomes U+FFFD, as UTF-8 cannot say it.
 */
function quoteString(value: string): string {
  const escaped = value
    .toWellFormed()
    .replace(/[\\'\0\n\r\t\b\f]/g, (character) => escapes[character] ?? character);
  return `'${escaped}'`;
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

function quoteNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const text = Object.is(value, -0) ? '-0.0' : String(value);
  return value < 0 || Object.is(value, -0) ? `(${text})` : text;
}

/** The engine reads a bare integer beyond 64 bits as a double; none may come this far. */
function quoteBigInt(value: bigint): string {
  if (value >= 1n << 64n || value < -(1n << 63n)) {
    throw new RangeError(`cannot quote ${value} for SQL: it needs more than 64 bits`);
  }
  return value < 0n ? `(${value})` : String(value);
}
