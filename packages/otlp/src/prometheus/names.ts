import type { TranslationStrategy } from './naming.ts';
import { perUnitNames, unitNames } from './units.ts';

/** What of a metric its name in Prometheus is made of. */
export interface NamedMetric {
  readonly name: string;
  readonly unit: string;
  /** Whether it is a gauge, or a sum that is cumulative and only grows: these two have suffixes of their own. */
  readonly kind: 'gauge' | 'counter' | 'other';
}

/** The metric's name in Prometheus; histograms and summaries get the suffixes of their series behind it. */
export function translatedName(strategy: TranslationStrategy, metric: NamedMetric): string {
  return names[strategy](metric);
}

const names: Readonly<Record<TranslationStrategy, (metric: NamedMetric) => string>> = {
  UnderscoreEscapingWithSuffixes: (metric) => joined(withSuffixTokens(metric)),
  NoUTF8EscapingWithSuffixes: utf8Name,
  UnderscoreEscapingWithoutSuffixes: ({ name }) => joined(tokensOf(name)),
  NoTranslation: ({ name }) => name,
};

function tokensOf(name: string): readonly string[] {
  return name.split(/[^a-zA-Z0-9:]/u).filter((token) => token !== '');
}

function joined(tokens: readonly string[]): string {
  return tokens.join('_').replace(/^(?=[0-9])/, '_');
}

/** The tokens of the name and of its unit, each only once, and what the kind adds. */
function withSuffixTokens(metric: NamedMetric): readonly string[] {
  const own = tokensOf(metric.name);
  const { main, rate } = unitParts(metric.unit);
  const isNew = (token: string): boolean => token !== '' && !own.includes(token);
  const tokens = [...own, ...(isNew(main) ? [main] : []), ...(isNew(rate) ? ['per', rate] : [])];
  const suffix = kindSuffix(metric);
  return suffix === '' ? tokens : [...tokens.filter((token) => token !== suffix), suffix];
}

function kindSuffix({ kind, unit }: NamedMetric): '' | 'total' | 'ratio' {
  if (kind === 'counter') return 'total';
  return kind === 'gauge' && unit === '1' ? 'ratio' : '';
}

/** The name as it is, with the unit and the kind added. */
function utf8Name(metric: NamedMetric): string {
  const suffix = kindSuffix(metric);
  const { main, rate } = unitParts(metric.unit);
  const bare = suffix === '' ? metric.name : metric.name.replace(new RegExp(`.${suffix}$`, 'u'), '');
  return [main, rate === '' ? '' : `per_${rate}`, suffix].reduce(withSuffix, bare);
}

function withSuffix(name: string, suffix: string): string {
  return suffix === '' || name.endsWith(suffix) ? name : `${name}_${suffix}`;
}

function unitParts(unit: string): { readonly main: string; readonly rate: string } {
  const [main = '', rate = ''] = unit.split('/');
  return { main: unitText(main, unitNames), rate: unitText(rate, perUnitNames) };
}

/** A unit in braces is a remark; characters that a name may not hold become one underscore, none at the ends. */
function unitText(unit: string, table: Readonly<Record<string, string>>): string {
  const bare = unit.replace(/^ +| +$/g, '');
  if (/[{}]/.test(bare)) return '';
  const known = Object.hasOwn(table, bare) ? (table[bare] ?? bare) : bare;
  return known.replace(/[^a-zA-Z0-9:]+/gu, '_').replace(/^_+|_+$/g, '');
}

/** An attribute's key as a label's name. */
export function translatedLabel(strategy: TranslationStrategy, key: string): string {
  if (!strategy.startsWith('Underscore')) return key;
  const clean = key.replace(/[^a-zA-Z0-9_]/gu, '_');
  if (/^[0-9]/.test(clean)) return `key_${clean}`;
  return /^_(?:[^_]|$)/.test(clean) ? `key${clean}` : clean;
}
