import { type Labels, onlyLabels, withLabel, withoutLabels } from '@maru/query-core';
import type { EvaluationContext } from '../evaluate/context.ts';
import { type Identity, withoutName } from '../evaluate/names.ts';
import type { VectorMatching } from '../syntax/ast.ts';

/**
 * The identity of the result of two matched series: the "many" side's labels (one to one: the left side's, reduced to
 * those that matched) and what `group_left` or `group_right` takes from the "one" side.
 */
export function resultIdentity(
  context: EvaluationContext,
  matching: VectorMatching,
  dropsName: boolean,
  many: Identity,
  one: Identity,
): Identity {
  const named = dropsName ? withoutName(many, context.settings) : many;
  const reduced = matching.group === undefined ? reduce(named.labels, matching) : named.labels;
  return { labels: include(reduced, matching, one.labels), dropName: named.dropName };
}

function reduce(labels: Labels, matching: VectorMatching): Labels {
  const names = new Set(matching.labels);
  if (matching.mode === 'on') return onlyLabels(labels, names);
  return names.size === 0 ? labels : withoutLabels(labels, names);
}

function include(labels: Labels, matching: VectorMatching, from: Labels): Labels {
  return matching.include.reduce((all, name) => withLabel(all, name, from.get(name) ?? ''), labels);
}
