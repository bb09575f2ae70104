import { type ClusterReader, type Gap, listAt, type SeenObject, textAt } from '@maru/cluster';
import { configMapsOf, variablesOfContainer } from './facts/variables.ts';

/** What one container of a workload will be started with. */
export interface WorkloadSettings {
  /** `Deployment board/board-api, container api`. */
  readonly where: string;
  /** Values of Secrets are empty: they are never read. */
  readonly variables: Readonly<Record<string, string>>;
  /** Where a variable comes from, when it does not stand in the container itself. */
  readonly sources: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
  readonly overridden: readonly string[];
}

/** The settings of a workload, and what could not be read for them. */
export interface WorkloadRead {
  readonly containers: readonly WorkloadSettings[];
  readonly gaps: readonly Gap[];
}

const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

/** Reads a Deployment, StatefulSet or DaemonSet by its name, with the ConfigMaps that its containers take settings from. */
export async function readWorkloadSettings(
  reader: ClusterReader,
  name: string,
  namespace: string,
): Promise<WorkloadRead> {
  const [maps, ...listings] = await Promise.all(
    ['ConfigMap', ...kinds].map((kind) => reader.list(kind, namespace)),
  );
  const workloads = listings.flatMap(({ objects }) => objects.filter((object) => object.name === name));
  const configMaps = maps?.objects ?? [];
  return {
    containers: workloads.flatMap((workload) => settingsOf(workload, configMaps)),
    gaps: [maps, ...listings].flatMap((listing) => listing?.gaps ?? []),
  };
}

function settingsOf(workload: SeenObject, configMaps: readonly SeenObject[]): readonly WorkloadSettings[] {
  const maps = configMapsOf(configMaps);
  return listAt(workload.value, 'spec', 'template', 'spec', 'containers').map((container) => {
    const { values, ...rest } = variablesOfContainer(container, workload.namespace, maps);
    const { kind, namespace, name } = workload;
    return {
      where: `${kind} ${namespace}/${name}, container ${textAt(container, 'name')}`,
      variables: values,
      ...rest,
    };
  });
}
