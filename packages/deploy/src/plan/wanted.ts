import { textAt } from '@maru/cluster';
import { parseAllDocuments } from 'yaml';

/** An object that is to be applied. */
export interface Wanted {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for an object of the whole cluster, or one that leaves it to the command. */
  readonly namespace: string;
  readonly name: string;
  /** The object as the file has it. */
  readonly value: unknown;
}

/** The objects of a rendered file. Throws one sentence for what is no YAML of Kubernetes. */
export function wantedIn(text: string, from: string): readonly Wanted[] {
  return parseAllDocuments(text).flatMap((document) => {
    const broken = document.errors[0];
    if (broken !== undefined) throw new Error(`${from} is no YAML: ${broken.message.split('\n')[0]}`);
    const value: unknown = document.toJS();
    return value === null ? [] : [wantedOf(value, from)];
  });
}

function wantedOf(value: unknown, from: string): Wanted {
  const [apiVersion, kind, name] = [
    textAt(value, 'apiVersion'),
    textAt(value, 'kind'),
    textAt(value, 'metadata', 'name'),
  ];
  if (apiVersion === '' || kind === '' || name === '')
    throw new Error(`${from} holds a document without apiVersion, kind or metadata.name`);
  return { apiVersion, kind, namespace: textAt(value, 'metadata', 'namespace'), name, value };
}

/** `Deployment board/board-api`. */
export function nameOf({ kind, namespace, name }: Pick<Wanted, 'kind' | 'namespace' | 'name'>): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
