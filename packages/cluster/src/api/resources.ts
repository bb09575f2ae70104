/** One kind of the Kubernetes API and where it is served. */
export interface Resource {
  readonly kind: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
}

type Row = readonly [kind: string, plural: string, scope?: 'cluster'];

/** Secrets are missing on purpose: nothing here ever asks for one. */
const rows: Readonly<Record<string, readonly Row[]>> = {
  v1: [
    ['Pod', 'pods'],
    ['Event', 'events'],
    ['Service', 'services'],
    ['Endpoints', 'endpoints'],
    ['ConfigMap', 'configmaps'],
    ['PersistentVolumeClaim', 'persistentvolumeclaims'],
    ['ResourceQuota', 'resourcequotas'],
    ['LimitRange', 'limitranges'],
    ['ServiceAccount', 'serviceaccounts'],
    ['Namespace', 'namespaces', 'cluster'],
    ['Node', 'nodes', 'cluster'],
    ['PersistentVolume', 'persistentvolumes', 'cluster'],
  ],
  'apps/v1': [
    ['Deployment', 'deployments'],
    ['ReplicaSet', 'replicasets'],
    ['StatefulSet', 'statefulsets'],
    ['DaemonSet', 'daemonsets'],
  ],
  'batch/v1': [
    ['Job', 'jobs'],
    ['CronJob', 'cronjobs'],
  ],
  'autoscaling/v2': [['HorizontalPodAutoscaler', 'horizontalpodautoscalers']],
  'discovery.k8s.io/v1': [['EndpointSlice', 'endpointslices']],
  'networking.k8s.io/v1': [
    ['Ingress', 'ingresses'],
    ['NetworkPolicy', 'networkpolicies'],
    ['IngressClass', 'ingressclasses', 'cluster'],
  ],
  'policy/v1': [['PodDisruptionBudget', 'poddisruptionbudgets']],
  'storage.k8s.io/v1': [['StorageClass', 'storageclasses', 'cluster']],
  'gateway.networking.k8s.io/v1': [
    ['Gateway', 'gateways'],
    ['HTTPRoute', 'httproutes'],
    ['GatewayClass', 'gatewayclasses', 'cluster'],
  ],
  'opentelemetry.io/v1beta1': [['OpenTelemetryCollector', 'opentelemetrycollectors']],
  'opentelemetry.io/v1alpha1': [['Instrumentation', 'instrumentations']],
};

const resources: ReadonlyMap<string, Resource> = new Map(
  Object.entries(rows).flatMap(([groupVersion, kinds]) =>
    kinds.map(([kind, plural, scope]) => [
      kind,
      { kind, ...splitGroup(groupVersion), plural, isNamespaced: scope === undefined },
    ]),
  ),
);

/** `apps/v1`, or `v1` for the core group. */
function splitGroup(groupVersion: string): { readonly group: string; readonly version: string } {
  const [group = '', version] = groupVersion.split('/');
  return version === undefined ? { group: '', version: group } : { group, version };
}

/** A kind of the table. Throws for another: that is a mistake of the caller, who can give a `Resource` of his own. */
export function resourceOf(kind: string): Resource {
  const resource = resources.get(kind);
  if (resource === undefined) throw new Error(`no resource is known for the kind ${kind}`);
  return resource;
}

/** `/apis/apps/v1/namespaces/board/deployments`; without a namespace, those of the whole cluster. */
export function pathOf({ group, version, plural, isNamespaced }: Resource, namespace = ''): string {
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const within = isNamespaced && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${base}${within}/${plural}`;
}

/** As RBAC's rules and its refusals name it: `pods`, `deployments.apps`. */
export function rbacName({ plural, group }: Resource): string {
  return group === '' ? plural : `${plural}.${group}`;
}
