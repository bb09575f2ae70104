import { at, listAt, numberAt, type SeenObject, textAt, textsAt } from '@maru/cluster';
import type { Claim, Ingress, IngressBackend, Service } from '../evidence/model.ts';
import { ageSeconds } from '../evidence/quantity.ts';

/** A Service, with the addresses behind it where Endpoints, EndpointSlices or its description told them. */
export function serviceFrom(object: SeenObject, all: readonly SeenObject[]): Service {
  const { value, name, namespace } = object;
  const row = textsAt(value, 'table');
  return {
    namespace,
    name,
    type: textAt(value, 'spec', 'type') || (row?.TYPE ?? ''),
    selector: textsAt(value, 'spec', 'selector') ?? selectorOfRow(row?.SELECTOR),
    ports: listAt(value, 'spec', 'ports').map((port) => ({
      name: textAt(port, 'name'),
      port: numberAt(port, 'port') ?? 0,
      targetPort: textAt(port, 'targetPort') || textAt(port, 'port'),
    })),
    endpoints: endpointsOf(object, all),
    externalAddress: externalAddressOf(value, row?.['EXTERNAL-IP'] ?? ''),
    ageSeconds: ageSeconds(row?.AGE ?? ''),
    where: object.where,
  };
}

function selectorOfRow(cell: string | undefined): Readonly<Record<string, string>> {
  const pairs = (cell ?? '').split(',').filter((text) => text.includes('='));
  return Object.fromEntries(pairs.map((text) => text.split('=') as [string, string]));
}

function externalAddressOf(value: unknown, cell: string): string {
  const ingress = listAt(value, 'status', 'loadBalancer', 'ingress')[0];
  return textAt(ingress, 'ip') || textAt(ingress, 'hostname') || cell;
}

function endpointsOf(service: SeenObject, all: readonly SeenObject[]): readonly string[] | undefined {
  const own = at(service.value, 'endpoints');
  if (Array.isArray(own)) return own.map(String);
  const sameNamespace = all.filter((one) => one.namespace === service.namespace || one.namespace === '');
  const slices = sameNamespace.filter(
    (one) => one.kind === 'EndpointSlice' && sliceOwner(one) === service.name,
  );
  const endpoints = sameNamespace.filter((one) => one.kind === 'Endpoints' && one.name === service.name);
  if (slices.length + endpoints.length === 0) return undefined;
  return [...slices.flatMap(addressesOfSlice), ...endpoints.flatMap(addressesOfEndpoints)];
}

function sliceOwner(slice: SeenObject): string {
  return (
    textAt(slice.value, 'metadata', 'labels', 'kubernetes.io/service-name') ||
    slice.name.replace(/-[a-z0-9]{5}$/, '')
  );
}

function addressesOfSlice({ value }: SeenObject): readonly string[] {
  const row = textsAt(value, 'table');
  if (row !== undefined) return addressesOfCell(row.ENDPOINTS);
  return listAt(value, 'endpoints')
    .filter((endpoint) => textAt(endpoint, 'conditions', 'ready') !== 'false')
    .flatMap((endpoint) => listAt(endpoint, 'addresses').map(String));
}

function addressesOfEndpoints({ value }: SeenObject): readonly string[] {
  const row = textsAt(value, 'table');
  if (row !== undefined) return addressesOfCell(row.ENDPOINTS);
  return listAt(value, 'subsets').flatMap((subset) =>
    listAt(subset, 'addresses').map(
      (address) => `${textAt(address, 'ip')}:${textAt(subset, 'ports', 0, 'port')}`,
    ),
  );
}

function addressesOfCell(cell = ''): readonly string[] {
  return cell.split(',').filter((address) => /\d/.test(address));
}

export function ingressFrom(object: SeenObject): Ingress {
  const { value } = object;
  const row = textsAt(value, 'table');
  const status = listAt(value, 'status', 'loadBalancer', 'ingress')[0];
  return {
    namespace: object.namespace,
    name: object.name,
    className:
      textAt(value, 'spec', 'ingressClassName') ||
      textAt(value, 'metadata', 'annotations', 'kubernetes.io/ingress.class') ||
      (row?.CLASS ?? '').replace('<none>', ''),
    address:
      textAt(status, 'ip') ||
      textAt(status, 'hostname') ||
      textAt(value, 'status', 'address') ||
      (row?.ADDRESS ?? ''),
    tlsSecrets: listAt(value, 'spec', 'tls')
      .map((tls) => textAt(tls, 'secretName'))
      .filter((name) => name !== ''),
    backends: backendsOf(value),
    where: object.where,
  };
}

function backendsOf(value: unknown): readonly IngressBackend[] {
  const fromRules = listAt(value, 'spec', 'rules').flatMap((rule) =>
    listAt(rule, 'http', 'paths').map((path) => ({
      host: textAt(rule, 'host'),
      path: textAt(path, 'path'),
      service: textAt(path, 'backend', 'service', 'name') || textAt(path, 'backend', 'serviceName'),
      port:
        textAt(path, 'backend', 'service', 'port', 'number') ||
        textAt(path, 'backend', 'service', 'port', 'name') ||
        textAt(path, 'backend', 'servicePort'),
      error: '',
    })),
  );
  const described = listAt(value, 'spec', 'described').map((rule) => ({
    host: textAt(rule, 'host'),
    path: textAt(rule, 'path'),
    service: textAt(rule, 'service'),
    port: textAt(rule, 'port'),
    error: /^<error: (.*)>$/.exec(textAt(rule, 'endpoints'))?.[1] ?? '',
  }));
  return [...fromRules, ...described];
}

export function claimFrom(object: SeenObject): Claim {
  const row = textsAt(object.value, 'table');
  const storageClass = textAt(object.value, 'spec', 'storageClassName') || row?.STORAGECLASS;
  return {
    namespace: object.namespace,
    name: object.name,
    phase: textAt(object.value, 'status', 'phase') || (row?.STATUS ?? ''),
    storageClass: storageClass === '' ? undefined : storageClass,
    where: object.where,
  };
}
