/** Where a cluster's API is and how this run may speak to it. */
export interface ClusterTarget {
  /** `context board-aks`, or `this pod's ServiceAccount`. */
  readonly name: string;
  readonly server: URL;
  /** The context's namespace; `default` where it names none. */
  readonly namespace: string;
  readonly tls: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly servername?: string;
    /** `insecure-skip-tls-verify`: the kubeconfig's own wish. */
    readonly isUnverified: boolean;
  };
  readonly proxy?: URL;
  /** Value of the Authorization header. */
  readonly authorization?: string;
}

/** What proves who asks. */
export interface Credential {
  readonly authorization?: string;
  readonly cert?: string;
  readonly key?: string;
}
