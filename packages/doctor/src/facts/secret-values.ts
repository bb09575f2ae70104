import { listAt, type SeenObject, textAt, textsAt } from '@maru/cluster';
import type { Environment } from '../evidence/model.ts';
import { isSecretName } from '../report/redact.ts';

/** Values that the evidence itself marks as secret: the data of Secrets, and variables with a telling name. */
export function secretValuesOf(
  objects: readonly SeenObject[],
  environments: readonly Environment[],
): readonly string[] {
  const ofSecrets = objects
    .filter(({ kind }) => kind === 'Secret')
    .flatMap(({ value }) => [
      ...Object.values(textsAt(value, 'data') ?? {}).flatMap((encoded) => [encoded, decodedBase64(encoded)]),
      ...Object.values(textsAt(value, 'stringData') ?? {}),
    ]);
  const variables = [
    ...environments.flatMap((one) => Object.entries(one.variables)),
    ...objects.flatMap(variablesOf),
  ];
  const named = variables.filter(([name]) => isSecretName(name)).map(([, value]) => value);
  return [...new Set([...ofSecrets, ...named])].filter((value) => value.length >= 4);
}

/** `env` of containers wherever they stand: in a pod, in a workload's template. */
function variablesOf({ value }: SeenObject): readonly (readonly [string, string])[] {
  const specs = [
    listAt(value, 'spec', 'containers'),
    listAt(value, 'spec', 'initContainers'),
    listAt(value, 'spec', 'template', 'spec', 'containers'),
  ];
  return specs
    .flat()
    .flatMap((container) =>
      listAt(container, 'env').map((one) => [textAt(one, 'name'), textAt(one, 'value')] as const),
    );
}

function decodedBase64(encoded: string): string {
  return Buffer.from(encoded, 'base64').toString('utf8').trim();
}
