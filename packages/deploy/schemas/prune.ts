import { readFileSync } from 'node:fs';

/**
 * Writes to standard output what our manifests need of Kubernetes' own JSON schemas: the kinds below and all that they
 * refer to, without descriptions (60 kB in place of 1.7 MB).
 *
 *     pip download --no-deps kubernetes-validate==1.37.0 && unzip kubernetes_validate-*.whl
 *     node packages/deploy/schemas/prune.ts kubernetes_validate/kubernetes-json-schema/v1.37.0-local-strict/_definitions.json
 *
 * The strict edition refuses fields that Kubernetes does not know, which the API server drops with a warning.
 */
const kinds = [
  'io.k8s.api.core.v1.Namespace',
  'io.k8s.api.core.v1.ServiceAccount',
  'io.k8s.api.core.v1.Service',
  'io.k8s.api.core.v1.ConfigMap',
  'io.k8s.api.apps.v1.Deployment',
  'io.k8s.api.apps.v1.StatefulSet',
  'io.k8s.api.apps.v1.DaemonSet',
  'io.k8s.api.rbac.v1.ClusterRole',
  'io.k8s.api.rbac.v1.ClusterRoleBinding',
  'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  'io.k8s.api.policy.v1.PodDisruptionBudget',
  'io.k8s.api.networking.v1.NetworkPolicy',
  'io.k8s.api.networking.v1.Ingress',
];

type Definitions = Record<string, unknown>;

const prefix = '#/$defs/';

function reachable(all: Definitions): Definitions {
  const kept: Definitions = {};
  const waiting = [...kinds];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name in kept) continue;
    if (!(name in all)) throw new Error(`the schemas hold no ${name}`);
    const text = JSON.stringify(all[name], withoutProse);
    kept[name] = JSON.parse(text);
    waiting.push(...[...text.matchAll(/"\$ref":"[^"]*#\/\$defs\/([^"]+)"/g)].map(([, to = '']) => to));
  }
  return kept;
}

/** Drops prose and the API server's own hints; a field called `description` is an object and stays. */
function withoutProse(key: string, value: unknown): unknown {
  if (key === 'description' && typeof value === 'string') return undefined;
  if (key === '$ref' && typeof value === 'string') return `${prefix}${value.split(prefix)[1]}`;
  return key.startsWith('x-kubernetes-') && key !== 'x-kubernetes-group-version-kind' ? undefined : value;
}

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('name the _definitions.json of one Kubernetes version');
const { $defs }: { $defs: Definitions } = JSON.parse(readFileSync(path, 'utf8'));
const kept = reachable($defs);
const sorted = Object.fromEntries(Object.entries(kept).toSorted(([a], [b]) => (a < b ? -1 : 1)));
process.stdout.write(`${JSON.stringify({ $defs: sorted })}\n`);
