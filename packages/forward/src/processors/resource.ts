import { arch, hostname, platform } from 'node:os';
import { defaulted, fields, type Kind, list, mapOf, oneOf, text } from '@maru/config';
import { type Attribute, anyValueOf, readAttributes, withAttributes } from '../model/attributes.ts';
import { readFields } from '../model/fields.ts';
import type { ResourceGroup } from '../model/telemetry.ts';
import type { ChangingProcessor } from './processor.ts';

/** Attributes that each resource gets, unless it has them. */
export interface ResourceSettings {
  readonly kind: 'resource';
  readonly attributes: Readonly<Record<string, string>>;
  /** Whether they take the place of those that are there. */
  readonly overwrite: boolean;
}

const table: Kind<{
  readonly detect: readonly ('env' | 'host')[];
  readonly attributes: ReadonlyMap<string, string>;
  readonly overwrite: 'true' | 'false';
}> = fields({
  detect: defaulted(
    list(oneOf('env', 'host')),
    [],
    'nothing',
    '`env`: what `OTEL_RESOURCE_ATTRIBUTES` of Maru says. `host`: `host.name`, `host.arch`, `os.type` of its machine.',
  ),
  attributes: defaulted(mapOf(text), new Map<string, string>(), 'none', 'Attributes to set.'),
  overwrite: defaulted(
    oneOf('true', 'false'),
    'false',
    'false',
    'Whether to replace what a resource has already.',
  ),
});

export const resourceKind: Kind<ResourceSettings> = {
  ...table,
  read: (node, name, problems) => {
    const read = table.read(node, name, problems);
    if (read === undefined) return undefined;
    const found = read.detect.map((one) => (one === 'env' ? fromEnvironment(process.env) : fromHost()));
    const attributes = Object.assign({}, ...found, Object.fromEntries(read.attributes));
    return { kind: 'resource', attributes, overwrite: read.overwrite === 'true' };
  },
};

/** `OTEL_RESOURCE_ATTRIBUTES`: pairs `key=value` with commas between, values percent-encoded. */
export function fromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const pairs = (environment.OTEL_RESOURCE_ATTRIBUTES ?? '').split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at <= 0 ? [] : [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: 'x86', arm: 'arm32' };

function fromHost(): Record<string, string> {
  return { 'host.name': hostname(), 'host.arch': architectures[arch()] ?? arch(), 'os.type': platform() };
}

export function createResource({ attributes, overwrite }: ResourceSettings): ChangingProcessor | undefined {
  const wanted = Object.entries(attributes).map(([key, value]) => ({ key, value: anyValueOf(value) }));
  if (wanted.length === 0) return undefined;
  return {
    kind: 'changing',
    process: ({ resources }) => ({
      resources: resources.map((group) => completed(group, wanted, overwrite)),
    }),
  };
}

function completed(group: ResourceGroup, wanted: readonly Attribute[], overwrite: boolean): ResourceGroup {
  const parts = readFields(group.resource);
  const has = readAttributes(parts, 1);
  const keys = new Set((overwrite ? wanted : has).map(({ key }) => key));
  const attributes = overwrite
    ? [...has.filter(({ key }) => !keys.has(key)), ...wanted]
    : [...has, ...wanted.filter(({ key }) => !keys.has(key))];
  return { ...group, resource: withAttributes(parts, 1, attributes) };
}
