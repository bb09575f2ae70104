import type { StartLine } from '@maru/promql';
import { type Labels, labelsKey } from '@maru/query-core';

/** The start time of a sample by its series and place, in milliseconds; 0 when the script names none. */
export type StartFinder = (labels: Labels, index: number) => number;

/** Finds the starts that a script names in its `@st` lines. */
export function startFinder(lines: readonly StartLine[], stepMs: number): StartFinder {
  const byKey = new Map(lines.map(({ labels, offsets }) => [labelsKey(labels), offsets]));
  return (labels, index) => {
    const offset = byKey.get(labelsKey(labels))?.[index];
    return offset === undefined ? 0 : index * stepMs + offset;
  };
}
