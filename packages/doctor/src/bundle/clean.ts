import { at, type SeenObject } from '@maru/cluster';
import { isSecretName, type redactor } from '../report/redact.ts';

type Clean = ReturnType<typeof redactor>;

const removed = '[redacted]';

/** Parts that hold a copy of everything else, or nothing that a rule reads. */
const leftOut = new Set(['managedFields', 'kubectl.kubernetes.io/last-applied-configuration']);

/**
 * An object without its secrets: values behind telling names, values of variables with telling names, and every form that
 * is secret by itself. A ConfigMap keeps what looks like a setting; its files are left out.
 */
export function cleanObject({ kind, value }: SeenObject, clean: Clean): unknown {
  const plain = cleanValue('', value, clean);
  return kind === 'ConfigMap' ? withoutFiles(plain) : plain;
}

function cleanValue(name: string, value: unknown, clean: Clean): unknown {
  if (typeof value === 'string') return isSecretName(name) && value !== '' ? removed : clean(value);
  if (Array.isArray(value))
    return value.map((item, index) => cleanValue(flagBefore(value, index) ?? name, item, clean));
  if (typeof value !== 'object' || value === null) return value;
  const isVariable = typeof at(value, 'name') === 'string' && typeof at(value, 'value') === 'string';
  const entries = Object.entries(value).filter(([key]) => !leftOut.has(key));
  return Object.fromEntries(
    entries.map(([key, item]) => [
      key,
      cleanValue(isVariable && key === 'value' ? String(at(value, 'name')) : key, item, clean),
    ]),
  );
}

/** `--token VALUE` of a command line stands in two items: the first names the second. */
function flagBefore(list: readonly unknown[], index: number): string | undefined {
  const before = list[index - 1];
  return typeof before === 'string' && /^--?[\w-]+$/.test(before) ? before : undefined;
}

/** Settings have names like variables; what is named like a file may hold anything. */
function withoutFiles(configMap: unknown): unknown {
  const data = at(configMap, 'data');
  if (typeof configMap !== 'object' || typeof data !== 'object' || data === null) return configMap;
  const kept = Object.entries(data).map(([key, value]) => [
    key,
    /^[A-Z][A-Z0-9_]*$/.test(key) ? value : `[left out: ${String(value).length} characters]`,
  ]);
  return { ...configMap, data: Object.fromEntries(kept), binaryData: undefined };
}
