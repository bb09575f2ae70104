import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { examineText } from '../examine.ts';
import type { Diagnosis } from '../report/report.ts';
import { evidencePageOf, unrecorded } from '../testing/evidence-page.ts';
import { isRecorded, readIncidents } from '../testing/incidents.ts';
import { causes } from './table.ts';

const incidents = readIncidents().map((incident) => ({
  ...incident,
  diagnosis: examineText('paste.txt', incident.text),
}));

function rootsOf({ findings }: Diagnosis): readonly string[] {
  return [...new Set(findings.map(({ id }) => id))].toSorted();
}

function followsOf({ findings }: Diagnosis): readonly string[] {
  return findings.flatMap(({ follows }) => follows.map(({ id }) => id));
}

/** A row is an incident, a column a cause: each cell is right exactly when the whole row is. */
describe('cause × incident', () => {
  it.each(incidents)('$title', ({ fires, follows, unlike, diagnosis }) => {
    expect(rootsOf(diagnosis)).toEqual(fires.toSorted());
    expect(followsOf(diagnosis)).toEqual(expect.arrayContaining([...follows]));
    expect(rootsOf(diagnosis).filter((id) => unlike.includes(id))).toEqual([]);
  });

  it('names only causes that exist', () => {
    const known = new Set(causes.map(({ id }) => id));
    const named = incidents.flatMap(({ fires, follows, unlike }) => [...fires, ...follows, ...unlike]);
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });
});

describe('where incidents come from', () => {
  it('is told of each: a tool that said it, or the words that it was written after', () => {
    const told = incidents.filter(({ origin }) => /^(?:recorded by|written after) \S/.test(origin));
    expect(incidents.length - told.length).toBe(0);
  });

  it('is a tool for all that stands in testdata/recorded', () => {
    const others = incidents.filter((one) => one.file.startsWith('recorded/') && !isRecorded(one));
    expect(others.map(({ title }) => title)).toEqual([]);
  });
});

describe('what the causes rest on', () => {
  it('is for each what a real tool said, but for those that are listed with a reason', () => {
    const recorded = new Set(
      incidents.filter(isRecorded).flatMap(({ fires, follows }) => [...fires, ...follows]),
    );
    const without = causes.map(({ id }) => id).filter((id) => !recorded.has(id));
    expect(without.toSorted()).toEqual(Object.keys(unrecorded).toSorted());
  });

  /** `vitest run -u` writes the page anew. */
  it('is told in the documentation', async () => {
    const page = join(import.meta.dirname, '../../../../docs/reference/doctor-evidence.md');
    await expect(evidencePageOf(causes, incidents)).toMatchFileSnapshot(page);
  });
});

describe('the table of causes', () => {
  it.each(causes.map(({ id }) => id))('%s is fired by an incident', (id) => {
    expect(incidents.filter(({ fires, follows }) => fires.includes(id) || follows.includes(id))).not.toEqual(
      [],
    );
  });

  it('has each id once', () => {
    const ids = causes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('explains only causes that exist', () => {
    const known = new Set(causes.map(({ id }) => id));
    expect(causes.flatMap(({ explains }) => explains).filter((id) => !known.has(id))).toEqual([]);
  });

  it('has both languages everywhere', () => {
    const texts = causes.flatMap(({ title, why, lookAlikes, fix }) => [
      title,
      why,
      ...lookAlikes.flatMap((one) => [one.name, one.why]),
      ...fix.flatMap(({ say }) => (say === undefined ? [] : [say])),
    ]);
    expect(texts.filter(({ en, ko }) => en.trim() === '' || !/[가-힣]/.test(ko))).toEqual([]);
  });
});
