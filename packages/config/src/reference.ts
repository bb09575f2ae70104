import type { Described } from './kind.ts';

/** A table of settings as Markdown, those of inner maps below it with their whole path. */
export function referenceTable(settings: readonly Described[], around = ''): string {
  const rows = rowsOf(settings, around);
  return [
    '| setting | is | default | what it does |',
    '| --- | --- | --- | --- |',
    ...rows.map((cells) => `| ${cells.map(escaped).join(' | ')} |`),
  ].join('\n');
}

function rowsOf(settings: readonly Described[], around: string): readonly (readonly string[])[] {
  return settings.flatMap(({ name, expected, fallback, doc, inner }) => {
    const path = around === '' ? name : `${around}.${name}`;
    const below = expected.startsWith('a map, each')
      ? `${path}.NAME`
      : expected.startsWith('a list')
        ? `${path}[]`
        : path;
    return [
      [`\`${path}\``, expected.replace(/, each( value)? a map$/, ''), fallback, doc],
      ...rowsOf(inner, below),
    ];
  });
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
