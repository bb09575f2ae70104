/** A recorded object, as far as the fake server looks into it. */
export interface RecordedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** A request in the terms of RBAC. */
export interface ApiRequest {
  readonly path: string;
  readonly verb: 'get' | 'list';
  /** `v1`, `apps/v1`. */
  readonly groupVersion: string;
  /** `pods`, `pods/log`; empty for discovery and `/version`. */
  readonly resource: string;
  readonly plural: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly query: URLSearchParams;
}

const address =
  /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>v\w+)\/(?:namespaces\/(?<namespace>[^/]+)\/)?(?<plural>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<subresource>[^/]+))?$/;

/** Takes an address of the Kubernetes API apart. */
export function apiRequestOf(url: string): ApiRequest {
  const { pathname, searchParams } = new URL(url, 'https://kubernetes');
  const parts = address.exec(pathname)?.groups ?? {};
  const { group, version = '', namespace = '', plural = '', name = '', subresource = '' } = parts;
  return {
    path: pathname,
    verb: name === '' ? 'list' : 'get',
    groupVersion: group === undefined ? version : `${group}/${version}`,
    resource: subresource === '' ? plural : `${plural}/${subresource}`,
    plural,
    subresource,
    namespace: decodeURIComponent(namespace),
    name: decodeURIComponent(name),
    query: searchParams,
  };
}

export function matches(object: RecordedObject, asked: ApiRequest): boolean {
  return (
    object.apiVersion === asked.groupVersion &&
    pluralOf(object.kind) === asked.plural &&
    (asked.namespace === '' || object.metadata.namespace === asked.namespace)
  );
}

/** `NetworkPolicy` is served as `networkpolicies`, `Gateway` as `gateways`, `Ingress` as `ingresses`. */
export function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower === 'endpoints') return lower;
  if (/[^aeiou]y$/.test(lower)) return `${lower.slice(0, -1)}ies`;
  return lower.endsWith('s') ? `${lower}es` : `${lower}s`;
}
