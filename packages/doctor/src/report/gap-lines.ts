import type { Gap, Permission } from '@maru/cluster';
import type { Language } from '../rules/text.ts';
import type { Paint } from './paint.ts';
import { wordsOf } from './words.ts';

/** What was not seen. Refusals of the same verb in the same place are one line, with the command that would end them. */
export function gapLines(gaps: readonly Gap[], language: Language, paint: Paint): readonly string[] {
  if (gaps.length === 0) return [];
  const words = wordsOf(language);
  const plain = gaps.filter(({ permission }) => permission === undefined);
  const groups = refusalsOf(gaps);
  return [
    '',
    paint.faint(`${words.notSeen}:`),
    ...plain.map(({ text }) => `  ${text[language]}`),
    ...groups.map(
      ({ verb, resources, namespace }) => `  ${words.needs(verb, resources.join(', '), namespace)}`,
    ),
    ...(groups.length === 0 ? [] : [paint.faint(`  ${words.grant}:`), ...grantLines(groups)]),
  ];
}

interface Refusals {
  readonly verb: Permission['verb'];
  readonly namespace: string;
  readonly resources: readonly string[];
}

function refusalsOf(gaps: readonly Gap[]): readonly Refusals[] {
  const permissions = gaps.map(({ permission }) => permission).filter((one) => one !== undefined);
  const groups = Map.groupBy(permissions, ({ verb, namespace }) => `${verb} ${namespace}`);
  return [...groups.values()].map((group) => ({
    verb: group[0]?.verb ?? 'list',
    namespace: group[0]?.namespace ?? '',
    resources: [...new Set(group.map(({ resource }) => resource))],
  }));
}

/** One role for the whole cluster, or one in each namespace, as an administrator would create it. */
function grantLines(groups: readonly Refusals[]): readonly string[] {
  const byNamespace = Map.groupBy(groups, ({ namespace }) => namespace);
  return [...byNamespace].map(([namespace, ofPlace]) => {
    const resources = ofPlace.flatMap((one) => one.resources).join(',');
    const what = namespace === '' ? 'clusterrole maru-doctor' : `role maru-doctor -n ${namespace}`;
    return `    $ kubectl create ${what} --verb=get,list --resource=${resources}`;
  });
}
