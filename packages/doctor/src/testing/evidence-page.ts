import { dirname } from 'node:path';
import type { Cause } from '../rules/cause.ts';
import { type Incident, isRecorded } from './incidents.ts';

/** Causes that no real tool was made to tell of, each with what stands in the way. */
export const unrecorded: Readonly<Record<string, string>> = {
  'database-root-password-unset':
    'said by the entry point of MariaDB’s container image, which no package registry holds',
  'route-backend-missing':
    'written into the route by a controller of the Gateway API, which is not part of Kubernetes',
  'route-reference-forbidden': 'the same',
  'route-not-accepted': 'the same',
  'arrival-unaccounted': 'would be a fault of Maru’s own ledger; nothing is known that brings one about',
};

/** The table of causes and of what each rests on: `docs/reference/doctor-evidence.md`. */
export function evidencePageOf(causes: readonly Cause[], incidents: readonly Incident[]): string {
  const rows = causes.map(({ id }) => rowOf(id, incidents));
  const recorded = incidents.filter(isRecorded);
  const sources = Map.groupBy(recorded, sourceOf);
  const legend = [...sources]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, all]) => legendOf(name, all));
  return [
    '# What the causes rest on',
    '',
    '<!-- Written by the tests of packages/doctor from its testdata; record anew or add an incident, do not edit this page. -->',
    '',
    `The rules are tried on ${incidents.length} incidents: ${recorded.length} are what real tools printed when they were made to fail, the`,
    'others were written after such words, to vary versions, languages and the ways in which people paste. Each incident must',
    'give exactly its own causes. `packages/doctor/recorder` records; its README says how.',
    '',
    ...table(['cause', 'recorded', 'written', 'looks alike, must not fire'], rows),
    '',
    '## Who spoke',
    '',
    ...legend,
    '',
  ].join('\n');
}

function rowOf(id: string, incidents: readonly Incident[]): readonly string[] {
  const firing = incidents.filter(({ fires, follows }) => fires.includes(id) || follows.includes(id));
  const bySource = [...Map.groupBy(firing.filter(isRecorded), sourceOf)].map(
    ([name, all]) => `${all.length} × ${name}`,
  );
  const written = firing.filter((one) => !isRecorded(one)).length;
  const unlike = incidents.filter((one) => one.unlike.includes(id)).length;
  const recorded = bySource.length === 0 ? `none: ${unrecorded[id] ?? '?'}` : bySource.join(', ');
  return [`[${id}](doctor/${id}.md)`, recorded, String(written), String(unlike)];
}

/** The folder of `testdata/recorded`; the oldest recordings stand elsewhere. */
function sourceOf({ file }: Incident): string {
  return file.startsWith('recorded/') ? dirname(file).replace('recorded/', '') : 'kubernetes-1.20.2';
}

function legendOf(name: string, incidents: readonly Incident[]): string {
  const origins = [...new Set(incidents.map(({ origin }) => origin.replace('recorded by ', '')))];
  return `- ${name}: ${origins.join('; ')}`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
