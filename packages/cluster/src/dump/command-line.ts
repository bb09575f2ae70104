import type { Context } from './context.ts';
import { kindOf } from './kinds.ts';

/** A kubectl command as it stands in a paste, with or without a prompt; undefined for other lines. */
export function kubectlWords(line: string): readonly string[] | undefined {
  if (line.length > 400) return undefined;
  const match = /^(?:[^\s|]*[$#>%❯]\s*|[\w.@:~/\\ -]{0,80}[$#>%❯]\s+)?(?:kubectl|k|oc)\s+(\S.*)$/.exec(
    line.trim(),
  );
  const words = match?.[1]?.split(/\s+/);
  return words?.some((word) => /^(?:get|describe|logs?|events?|apply|top)$/.test(word)) ? words : undefined;
}

/** The context that the output of this command stands in. */
export function contextAfter(words: readonly string[], before: Context): Context {
  const { options, plain } = sorted(words);
  const verb = plain[0] ?? '';
  const [kind = '', name = ''] = kindAndName(verb, plain.slice(1));
  return {
    file: before.file,
    namespace: options.get('-n') ?? options.get('--namespace') ?? '',
    owner: verb.startsWith('log') ? name : '',
    container: options.get('-c') ?? options.get('--container') ?? '',
    kind: verb.startsWith('log') ? '' : kindOf(kind),
  };
}

function kindAndName(verb: string, words: readonly string[]): readonly [string, string] {
  const [first = '', second = ''] = words;
  if (verb === 'events') return ['Event', ''];
  if (first.includes('/')) return [first.split('/')[0] ?? '', first.split('/')[1] ?? ''];
  return verb.startsWith('log') ? ['Pod', first] : [first, second];
}

/** Options that take a value; every other one is a switch. */
const withValue = new Set([
  '-n',
  '--namespace',
  '-c',
  '--container',
  '-o',
  '--output',
  '-l',
  '--selector',
  '--tail',
  '--since',
  '--context',
]);

function sorted(words: readonly string[]): { options: Map<string, string>; plain: readonly string[] } {
  const options = new Map<string, string>();
  const plain: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (!word.startsWith('-')) plain.push(word);
    else if (word.includes('=')) options.set(word.split('=')[0] ?? '', word.slice(word.indexOf('=') + 1));
    else if (withValue.has(word)) options.set(word, words[++index] ?? '');
  }
  return { options, plain };
}
