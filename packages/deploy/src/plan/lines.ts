import type { Difference } from './compare.ts';
import type { Plan, Step } from './plan.ts';

const marks: Readonly<Record<Step['action'], string>> = {
  create: '+',
  change: '~',
  unchanged: '=',
  unknown: '?',
  'no-kind': '!',
};

/** The plan for people. Objects that stay as they are are only counted. */
export function planLines({ cluster, steps, sameJobs, gaps }: Plan): readonly string[] {
  const of = (action: Step['action']): number => steps.filter((step) => step.action === action).length;
  return [
    `against ${cluster}:`,
    ...steps.filter(({ action }) => action !== 'unchanged').flatMap(stepLines),
    ...(sameJobs.length === 0 ? [] : ['there already:', ...sameJobs.map(({ text }) => `  ! ${text}`)]),
    ...(gaps.length === 0 ? [] : ['not seen:', ...gaps.map((text) => `  ? ${text}`)]),
    `${of('create')} to create, ${of('change')} to change, ${of('unchanged')} unchanged, ${of('unknown')} unknown, ${of('no-kind')} of kinds that the cluster lacks`,
  ];
}

function stepLines({ object, action, differences, refusal }: Step): readonly string[] {
  const note =
    action === 'no-kind' ? ': the cluster has no such kind; install the add-on that brings it' : '';
  return [
    `  ${marks[action]} ${object}${note}`,
    ...differences.map((difference) => `      ${differenceText(difference)}`),
    ...(refusal === undefined ? [] : [`      ! would be refused: ${refusal}`]),
  ];
}

function differenceText({ path, live, wanted }: Difference): string {
  if (live === undefined) return `${path}: ${shown(path, wanted)} (new)`;
  if (wanted === undefined) return `${path}: ${shown(path, live)} (taken away)`;
  return `${path}: ${shown(path, live)} → ${shown(path, wanted)}`;
}

const longest = 120;

/** A value of a variable that may hold a secret is not shown, for plans are pasted. */
function shown(path: string, value: unknown): string {
  if (/password|secret|token|headers|_key\b/i.test(path)) return '…';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const clean = text.replace(/:\/\/[^@/\s]*@/g, '://…@').replace(/[\p{Cc}\s]+/gu, ' ');
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean;
}
