import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { KubernetesObject } from './objects.ts';
import { repository } from './repository.ts';

/** The minors that the manifests are checked for: the three newest that the schemas' source had. */
export const minors = ['1.35', '1.36', '1.37'] as const;

export type Minor = (typeof minors)[number];

interface Schemas {
  readonly $defs: Readonly<Record<string, { readonly [groupVersionKind]?: readonly GroupVersionKind[] }>>;
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const groupVersionKind = 'x-kubernetes-group-version-kind';

/** Says what one Kubernetes version finds wrong with an object; nothing when it is right. */
export type Validate = (object: KubernetesObject) => readonly string[];

/** Opens the official schemas of a version, in their strict edition: an unknown field is an error. */
export function schemasOf(minor: Minor): Validate {
  const path = `${repository}/packages/deploy/schemas/kubernetes-${minor}.json`;
  const schemas: Schemas = JSON.parse(readFileSync(path, 'utf8'));
  // Formats such as int32 are Kubernetes' own, and its types are lists (`["string", "null"]`).
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
  ajv.addSchema(schemas, 'kubernetes');
  return (object) => {
    const name = definitionOf(schemas, object);
    if (name === undefined) return [`Kubernetes ${minor} knows no ${object.kind} of ${object.apiVersion}`];
    if (ajv.validate({ $ref: `kubernetes#/$defs/${name}` }, object)) return [];
    return (ajv.errors ?? []).map(
      (error) => `${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`,
    );
  };
}

function definitionOf({ $defs }: Schemas, { apiVersion, kind }: KubernetesObject): string | undefined {
  return Object.keys($defs).find((name) =>
    $defs[name]?.[groupVersionKind]?.some(
      (one) => one.kind === kind && [one.group, one.version].filter(Boolean).join('/') === apiVersion,
    ),
  );
}
