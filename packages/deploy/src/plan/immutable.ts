import type { Difference } from './compare.ts';

/**
 * Fields that the API server does not let change, by kind:
 * https://kubernetes.io/docs/reference/kubernetes-api/ says so at each. Of a StatefulSet's `spec` it is all but a few.
 */
const immutable: Readonly<Record<string, RegExp>> = {
  StatefulSet:
    /^spec\.(?!replicas|ordinals|template|updateStrategy|revisionHistoryLimit|persistentVolumeClaimRetentionPolicy|minReadySeconds)/,
  Deployment: /^spec\.selector/,
  DaemonSet: /^spec\.selector/,
  ReplicaSet: /^spec\.selector/,
  Job: /^spec\.(?:selector|template|completions|completionMode|podFailurePolicy)/,
  Service: /^spec\.(?:clusterIP|clusterIPs|ipFamilies)/,
  PersistentVolumeClaim: /^spec\.(?!resources\.requests\.storage|volumeAttributesClassName)/,
  StorageClass: /^(?:provisioner|parameters|reclaimPolicy|volumeBindingMode)/,
  RoleBinding: /^roleRef/,
  ClusterRoleBinding: /^roleRef/,
};

/** The differences that the API server would refuse. */
export function refused(kind: string, found: readonly Difference[], live: unknown): readonly Difference[] {
  const isSealed =
    typeof live === 'object' && live !== null && 'immutable' in live && live.immutable === true;
  const fields = isSealed ? /^(?:data|binaryData|immutable)/ : immutable[kind];
  return fields === undefined ? [] : found.filter(({ path }) => fields.test(path));
}

/** What to do about it, in a sentence's half. */
export function remedyFor(kind: string, namespace: string, name: string): string {
  const where = namespace === '' ? '' : ` --namespace ${namespace}`;
  if (kind === 'StatefulSet')
    return `delete it without its pods and apply again: kubectl delete statefulset ${name}${where} --cascade=orphan`;
  if (kind === 'PersistentVolumeClaim') return 'a claim cannot be changed: make a new one and move the data';
  return `delete it and apply again: kubectl delete ${kind.toLowerCase()} ${name}${where}`;
}
