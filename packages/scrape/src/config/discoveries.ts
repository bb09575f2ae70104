import {
  boolean,
  defaulted,
  fields,
  httpUrl,
  Impossible,
  type Kind,
  list,
  made,
  mapOf,
  name,
  oneOf,
  optional,
  required,
  text,
} from '@maru/config';
import { accessFields, accessOf, present } from './http-access.ts';
import { type FileDiscovery, type KubernetesDiscovery, kubernetesRoles, type TargetGroup } from './job.ts';
import { filePath, prometheusDuration } from './kinds.ts';

/** Addresses with the labels that they share; a file of `file_sd_configs` holds a list of them. */
export const targetGroup: Kind<TargetGroup> = made(
  fields({
    targets: defaulted(list(name), [], 'none', 'Addresses, host:port.'),
    labels: defaulted(mapOf(text), new Map(), 'none', 'Labels that all of them get.'),
  }),
  ({ targets, labels }): TargetGroup => ({ targets, labels: [...labels] }),
);

const pattern: Kind<string> = made(filePath, (path): string | Impossible =>
  /^[^*]*(\*[^/*]*)?\.(json|yml|yaml)$/.test(path)
    ? path
    : new Impossible('must end in .json, .yml or .yaml, and may hold one * in its last part'),
);

export const fileDiscovery: Kind<FileDiscovery> = made(
  fields({
    files: required(list(pattern), 'Files that hold groups of targets.'),
    refresh_interval: defaulted(prometheusDuration, 300_000, '5m', 'How often they are looked at, at least.'),
  }),
  ({ files, refresh_interval }): FileDiscovery => ({
    kind: 'file',
    patterns: files,
    refreshMs: refresh_interval,
  }),
);

const namespaces: Kind<{ readonly names: readonly string[]; readonly own_namespace: boolean }> = fields({
  names: defaulted(list(name), [], 'all', 'Namespaces to look into.'),
  own_namespace: defaulted(boolean, false, 'false', 'Whether to look into the own one.'),
});

interface Selector {
  readonly role: string;
  readonly label: string;
  readonly field: string;
}

const selector: Kind<Selector> = fields({
  role: required(oneOf(...kubernetesRoles), 'Whom it selects.'),
  label: defaulted(text, '', '', 'A label selector.'),
  field: defaulted(text, '', '', 'A field selector.'),
});

const kubernetesRefreshMs = 30_000;

export const kubernetesDiscovery: Kind<KubernetesDiscovery> = made(
  fields({
    role: required(oneOf(...kubernetesRoles), 'What is looked for.'),
    api_server: optional(httpUrl, 'Address of the API; the own cluster when left out.'),
    namespaces: defaulted(namespaces, { names: [], own_namespace: false }, 'all', 'Where to look.'),
    selectors: defaulted(list(selector), [], 'none', 'What to leave to the API to select.'),
    ...accessFields,
  }),
  ({ role, api_server, namespaces: { names, own_namespace }, selectors, ...access }): KubernetesDiscovery => {
    const selected = selectors.find((one) => one.role === role);
    return {
      kind: 'kubernetes',
      role,
      ...present('apiServer', api_server),
      access: accessOf(access),
      namespaces: names,
      ownNamespace: own_namespace,
      labelSelector: selected?.label ?? '',
      fieldSelector: selected?.field ?? '',
      refreshMs: kubernetesRefreshMs,
    };
  },
);
