import { createHash } from 'node:crypto';
import {
  defaultNaming,
  perUnitNames,
  type SeriesNaming,
  type TranslationStrategy,
  unitNames,
} from '@maru/otlp/prometheus';
import { type Sql, sql, trusted } from '../sql.ts';

const names: Readonly<Record<TranslationStrategy, string>> = {
  UnderscoreEscapingWithSuffixes: 'prometheusName(name, unit, metricType, monotonic)',
  NoUTF8EscapingWithSuffixes: 'prometheusUtf8Name(name, unit, metricType, monotonic)',
  UnderscoreEscapingWithoutSuffixes: 'prometheusPlainName(name)',
  NoTranslation: 'name',
};

/** Defines the functions of the schema that are made of tables, and those that an installation may choose. */
export function namingStatements({ strategy, promotedAttributes }: SeriesNaming): readonly Sql[] {
  const isEscaped = strategy.startsWith('Underscore');
  const mark = seriesMark(strategy, promotedAttributes);
  return [
    sql`CREATE OR REPLACE FUNCTION prometheusUnit AS (u) -> ${renamed(unitNames)}`,
    sql`CREATE OR REPLACE FUNCTION prometheusPerUnit AS (u) -> ${renamed(perUnitNames)}`,
    sql`CREATE OR REPLACE FUNCTION promotedAttributes AS (a) ->
      arrayFilter(x -> has(CAST(${list(promotedAttributes)}, 'Array(String)'), x.key), a)`,
    sql`CREATE OR REPLACE FUNCTION translatedName AS (name, unit, metricType, monotonic) -> ${trusted(names[strategy])}`,
    sql`CREATE OR REPLACE FUNCTION translatedLabel AS (k) -> ${trusted(isEscaped ? 'prometheusLabel(k)' : 'k')}`,
    sql`CREATE OR REPLACE FUNCTION translatedSeriesId AS (id) -> ${mark === 0n ? sql`id` : sql`bitXor(id, toUInt64(${mark}))`}`,
  ];
}

/** The text `u` under its other name, or itself. */
function renamed(table: Readonly<Record<string, string>>): Sql {
  return sql`transform(u, ${list(Object.keys(table))}, ${list(Object.values(table))}, u)`;
}

function list(texts: readonly string[]): Sql {
  return trusted(`[${texts.map((text) => sql`${text}`.text).join(', ')}]`);
}

/** 0 for the default, so that series of stores that know no choice are the same; else a number of the choice. */
function seriesMark(strategy: TranslationStrategy, promoted: readonly string[]): bigint {
  const choice = (one: Pick<SeriesNaming, 'strategy' | 'promotedAttributes'>): string =>
    JSON.stringify([one.strategy, one.promotedAttributes.toSorted()]);
  const chosen = choice({ strategy, promotedAttributes: promoted });
  if (chosen === choice(defaultNaming)) return 0n;
  return createHash('sha256').update(chosen).digest().readBigUInt64BE(0);
}
