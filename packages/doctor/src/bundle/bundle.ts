import { type ArchivedFile, bundleHead, type Seen, type SeenLine, type SeenObject } from '@maru/cluster';
import { gatherEvidence } from '../facts/gather.ts';
import { redactor } from '../report/redact.ts';
import { cleanObject } from './clean.ts';

/** What a bundle says of itself. */
export interface BundleOrigin {
  /** The cluster, as its reader names it. */
  readonly cluster: string;
  readonly made: Date;
}

/**
 * The files of a bundle: a list of each kind, the logs with whose they are, and a head with what could not be seen. Holds
 * no Secret object, and no secret that the redactor knows; `--bundle` reads it back.
 */
export function bundleOf(seen: Seen, { cluster, made }: BundleOrigin): readonly ArchivedFile[] {
  const clean = redactor(gatherEvidence(seen).secrets);
  const head = { bundle: 1, cluster, made: made.toISOString(), gaps: seen.gaps };
  const kinds = Map.groupBy(
    seen.objects.filter(({ kind }) => kind !== 'Secret'),
    ({ kind }) => kind,
  );
  const logs = Map.groupBy(seen.lines, ({ where }) => where.replace(/:\d+$/, ''));
  return [
    fileOf(bundleHead, json(head)),
    ...[...kinds].map(([kind, objects]) => fileOf(`objects/${kind}.json`, json(listOf(objects, clean)))),
    ...[...logs.values()].map((lines, index) => fileOf(`logs/${index + 1}.log`, logOf(lines, clean))),
  ];
}

function listOf(objects: readonly SeenObject[], clean: (text: string) => string): unknown {
  return { kind: 'List', apiVersion: 'v1', items: objects.map((object) => cleanObject(object, clean)) };
}

/** As `kubectl logs --prefix` prints them, under the command that would have. */
function logOf(lines: readonly SeenLine[], clean: (text: string) => string): string {
  const { owner, namespace, container, where } = lines[0] ?? {
    owner: '',
    namespace: '',
    container: '',
    where: '',
  };
  const previous = where.includes('(previous)') ? ' --previous' : '';
  const command = `$ kubectl logs ${owner} -n ${namespace} -c ${container} --prefix${previous}`;
  return [command, ...lines.map(({ text }) => `[pod/${owner}/${container}] ${clean(text)}`), ''].join('\n');
}

function fileOf(path: string, text: string): ArchivedFile {
  return { path, bytes: Buffer.from(text) };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
