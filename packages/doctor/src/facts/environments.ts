import { listAt, type SeenLine, type SeenObject, textAt } from '@maru/cluster';
import type { Environment, LocalProcess, Pod } from '../evidence/model.ts';
import { processesFrom } from './stack.ts';
import { type ConfigMaps, variablesOfContainer } from './variables.ts';

/** Every set of settings seen: of containers, of ConfigMaps that hold OTEL_* keys, and pasted `NAME=value` lines. */
export function environmentsOf(
  lines: readonly SeenLine[],
  pods: readonly Pod[],
  objects: readonly SeenObject[],
  maps: ConfigMaps,
): readonly Environment[] {
  return [
    ...pods.flatMap(environmentsOfPod),
    ...objects.flatMap((object) => environmentsOfTemplate(object, maps)),
    ...processesFrom(objects).map(environmentOfProcess),
    ...pasted(lines),
  ];
}

function environmentsOfPod(pod: Pod): readonly Environment[] {
  return pod.containers
    .filter(({ environment }) => hasTelemetrySetting(environment))
    .map(({ name, environment }) => ({
      subject: { kind: 'Pod', namespace: pod.namespace, name: pod.name, container: name },
      variables: environment,
      where: pod.where,
    }));
}

/** Known by its service, as its lines of log are. */
function environmentOfProcess({ service, variables, where }: LocalProcess): Environment {
  return { subject: { kind: 'Text', namespace: '', name: service }, variables, where };
}

/** Workloads whose pods were not seen. */
function environmentsOfTemplate(object: SeenObject, maps: ConfigMaps): readonly Environment[] {
  if (!/^(?:Deployment|StatefulSet|DaemonSet)$/.test(object.kind)) return [];
  return listAt(object.value, 'spec', 'template', 'spec', 'containers').flatMap((container) => {
    const { values: variables } = variablesOfContainer(container, object.namespace, maps);
    const subject = {
      kind: object.kind,
      namespace: object.namespace,
      name: object.name,
      container: textAt(container, 'name'),
    };
    return hasTelemetrySetting(variables) ? [{ subject, variables, where: object.where }] : [];
  });
}

function pasted(lines: readonly SeenLine[]): readonly Environment[] {
  const byOwner = new Map<string, { variables: Record<string, string>; where: string; line: SeenLine }>();
  for (const line of lines) {
    const match = /^\s*(?:export\s+|-\s+)?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.text);
    if (match === null) continue;
    const key = `${line.where.split(':')[0]}/${line.owner}`;
    const entry = byOwner.get(key) ?? { variables: {}, where: line.where, line };
    entry.variables[match[1] ?? ''] = unquoted(match[2] ?? '');
    byOwner.set(key, entry);
  }
  return [...byOwner.values()]
    .filter(({ variables }) => hasTelemetrySetting(variables))
    .map(({ variables, where, line }) => ({
      subject: { kind: 'Text', namespace: line.namespace, name: line.owner },
      variables,
      where,
    }));
}

/** One pair of quotes around the value is the shell's. */
function unquoted(value: string): string {
  return /^(["']).*\1$/.test(value.trim()) ? value.trim().slice(1, -1) : value.trim();
}

function hasTelemetrySetting(variables: Readonly<Record<string, string>>): boolean {
  return Object.keys(variables).some((name) => name.startsWith('OTEL_'));
}
