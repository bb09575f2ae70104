/** No cluster is named anywhere: no kubeconfig, and this is no pod. */
export class NoCluster extends Error {
  override readonly name = 'NoCluster';
}

/** A cluster is named, and cannot be spoken to as its kubeconfig stands. One sentence that says what to do. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
}
