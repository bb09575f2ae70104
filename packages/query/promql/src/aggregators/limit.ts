import { type Labels, labelsKey, QueryError } from '@maru/query-core';
import { printGo } from '../functions/quantile.ts';
import type { AggregationInput, Aggregator } from './definition.ts';
import { checkCount, selectMembers } from './select-members.ts';

export const limitk: Aggregator = {
  name: 'limitk',
  takesHistograms: true,
  summary: 'any so many series of each group',
  checkParameter: checkCount,
  aggregate: (group, input) =>
    selectMembers(group, input, 'allSamples', (present, step) =>
      present.slice(0, Math.max(0, Math.trunc(input.parameters[step] ?? 0))),
    ),
};

/** Chosen by a hash of the labels: the same series at every step, and a negative ratio takes the others. */
export const limitRatio: Aggregator = {
  name: 'limit_ratio',
  takesHistograms: true,
  summary: 'a part (-1 to 1) of the series of each group; a negative part is the rest of the positive one',
  checkParameter: checkRatio,
  aggregate: (group, input) => {
    const places = group.members.map((member) => placeOf(member.labels));
    return selectMembers(group, input, 'allSamples', (present, step) => {
      const ratio = Math.max(-1, Math.min(1, input.parameters[step] ?? 0));
      return present.filter((index) => isInRatio(places[index] ?? 0, ratio));
    });
  },
};

function isInRatio(place: number, ratio: number): boolean {
  return ratio >= 0 ? place < ratio : place >= 1 + ratio;
}

function checkRatio({ parameters, notes, parameterSpan }: AggregationInput): void {
  for (const ratio of parameters) {
    if (Number.isNaN(ratio)) throw new QueryError('execution', 'Ratio value is NaN');
    if (ratio >= -1 && ratio <= 1) continue;
    const text = `ratio value should be between -1 and 1, got ${printGo(ratio)}, capping to ${Math.sign(ratio)}`;
    notes.warn(parameterSpan, text);
  }
}

/** A number from 0 to below 1 that only the labels decide (FNV-1a, mixed so that similar labels part). */
function placeOf(labels: Labels): number {
  let hash = 0x811c9dc5;
  for (const character of labelsKey(labels)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
