import { join, type Sql, sql } from '@maru/store';

/** Each level with the words that mean it, as Loki knows them. The order decides between words of one line. */
const words: readonly (readonly [level: string, words: readonly string[]])[] = [
  ['trace', ['trace', 'trc']],
  ['debug', ['debug', 'dbg']],
  ['info', ['info', 'inf', 'information']],
  ['warn', ['warn', 'wrn', 'warning']],
  ['error', ['error', 'err', 'eror']],
  ['critical', ['critical']],
  ['fatal', ['fatal']],
];

/** Attributes that name a level, the first that is there counts. */
const levelAttributes = [
  'detected_level',
  'level',
  'LEVEL',
  'Level',
  'log.level',
  'severity',
  'SEVERITY',
  'Severity',
  'lvl',
  'LVL',
  'Lvl',
];

/** What a line may call the field that names its level, in JSON or logfmt. */
const fieldPattern = '(?i)(?:^|[\\s{,])"?(?:level|lvl|severity|log\\.level)"?\\s*[=:]\\s*"?([a-z]+)';

/** Words are looked for in the beginning of a line: a level stands there, and long lines stay cheap. */
const searchedLength = 1_000;

/**
 * The level of a log line, never empty: of an attribute, else the severity's text or number, else a field or a word of
 * the line, else `unknown`.
 */
export const detectedLevel: Sql = sql`multiIf(
  ${levelOf(attributeText())} != '', ${levelOf(attributeText())},
  ${levelOf(sql`lower(severity_text)`)} != '', ${levelOf(sql`lower(severity_text)`)},
  severity_number BETWEEN 1 AND 24,
    arrayElement(['trace', 'debug', 'info', 'warn', 'error', 'fatal'], intDiv(severity_number + 3, 4)),
  ${levelOf(lineField())} != '', ${levelOf(lineField())},
  ${levelOf(lineWord())} != '', ${levelOf(lineWord())},
  'unknown')`;

function levelOf(text: Sql): Sql {
  const pairs = words.flatMap(([level, names]) => names.map((name) => [name, level] as const));
  return sql`transform(${text}, [${join(
    pairs.map(([name]) => sql`${name}`),
    ', ',
  )}], [${join(
    pairs.map(([, level]) => sql`${level}`),
    ', ',
  )}], '')`;
}

function attributeText(): Sql {
  const named = levelAttributes.map((name) => sql`attributes_string[${name}]`);
  return sql`lower(arrayFirst(v -> v != '', [${join(named, ', ')}]))`;
}

function lineField(): Sql {
  return sql`lower(regexpExtract(left(body, ${searchedLength}), ${fieldPattern}, 1))`;
}

function lineWord(): Sql {
  const pattern = `(?i)\\b(${words.flatMap(([, names]) => names).join('|')})\\b`;
  return sql`lower(regexpExtract(left(body, ${searchedLength}), ${pattern}, 1))`;
}
