import type { DoctorFinding } from '@maru/api';
import { expect, it } from 'vitest';
import { byPlace } from './findings.ts';

function finding(id: string, about: string): DoctorFinding {
  const text = { en: id, ko: id };
  return {
    id,
    about,
    title: text,
    why: text,
    certainty: 'certain',
    step: 'telemetry',
    subjects: [],
    evidence: [],
    ruledOut: [],
    fix: [],
    follows: [],
  };
}

it('what a link named comes first, the rest stays in the doctor’s order', () => {
  const findings = [finding('a', 'board-web'), finding('b', 'board-api'), finding('c', 'x')];
  expect(byPlace(findings, undefined)).toBe(findings);
  expect(byPlace(findings, 'board-api').map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  expect(byPlace(findings, 'gone').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});
