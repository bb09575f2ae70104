import { defaulted, fields, type Kind, list, name, oneOf, scalar } from '@maru/config';
import { lengthDelimited, type Signal, stringField } from '@maru/otlp';
import { RE2JS } from 're2js';
import { valueText, withText } from '../model/attributes.ts';
import { type Field, findContent, nothing, readFields, utf8 } from '../model/fields.ts';
import { mapItems, type Telemetry } from '../model/telemetry.ts';
import type { ChangingProcessor } from './processor.ts';
import { type RedactRule, redactedBy, redactRuleNames } from './redact-rules.ts';

/** Replaces what must not be sent in every text: attributes wherever they stand, log bodies, names and messages of spans. */
export interface RedactSettings {
  readonly kind: 'redact';
  readonly rules: readonly RedactRule[];
  /** RE2 patterns of the user's own. */
  readonly patterns: readonly string[];
  /** Keys whose values are left as they are. */
  readonly except: readonly string[];
}

const pattern: Kind<string> = scalar('an RE2 pattern', (value) => {
  try {
    RE2JS.compile(String(value));
    return String(value);
  } catch {
    return undefined;
  }
});

const table: Kind<Omit<RedactSettings, 'kind'>> = fields({
  rules: defaulted(
    list(oneOf<RedactRule>(...redactRuleNames)),
    redactRuleNames,
    'all four',
    '`email`; `card`: payment cards, by their checksum; `token`: bearer and basic credentials, JWTs, keys of well-known services, `password=…`; `resident_number`: Korean ones, by date and checksum.',
  ),
  patterns: defaulted(list(pattern), [], 'none', 'RE2 patterns; what they find becomes `[redacted]`.'),
  except: defaulted(list(name), [], 'none', 'Attributes that stay as they are, by key.'),
});

export const redactKind: Kind<RedactSettings> = {
  ...table,
  read: (node, path, problems) => {
    const config = table.read(node, path, problems);
    return config && { kind: 'redact', ...config };
  },
};

export function createRedact({ rules, patterns, except }: RedactSettings, signal: Signal): ChangingProcessor {
  const own = patterns.map((one) => RE2JS.compile(one));
  const replaced = (text: string): string => {
    const ruled = rules.reduce((now, rule) => redactedBy(rule, now), text);
    return own.reduce((now, regex) => regex.matcher(now).replaceAll('[redacted]'), ruled);
  };
  const redactor: Redactor = { replaced, except: new Set(except) };
  return { kind: 'changing', process: (telemetry) => redacted(telemetry, signal, redactor) };
}

interface Redactor {
  readonly replaced: (text: string) => string;
  readonly except: ReadonlySet<string>;
}

/** What is looked at in a message: by field number an attribute, a value, a text, or a message in it. */
interface Shape {
  readonly [field: number]: Shape | 'attribute' | 'value' | 'text';
}

const resource: Shape = { 1: 'attribute' };
const scope: Shape = { 3: 'attribute' };
const exemplar: Shape = { 7: 'attribute' };
const numberPoints: Shape = { 1: { 5: exemplar, 7: 'attribute' } };

const items: Readonly<Record<Signal, Shape>> = {
  traces: {
    5: 'text',
    9: 'attribute',
    11: { 2: 'text', 3: 'attribute' },
    13: { 4: 'attribute' },
    15: { 2: 'text' },
  },
  logs: { 5: 'value', 6: 'attribute' },
  metrics: {
    5: numberPoints,
    7: numberPoints,
    9: { 1: { 8: exemplar, 9: 'attribute' } },
    10: { 1: { 1: 'attribute', 11: exemplar } },
    11: { 1: { 7: 'attribute' } },
    29: { 1: { 1: 'attribute', 11: exemplar } },
  },
};

function redacted(telemetry: Telemetry, signal: Signal, redactor: Redactor): Telemetry {
  const { resources } = mapItems(telemetry, (item) => within(items[signal], item, redactor));
  return {
    resources: resources.map((group) => ({
      ...group,
      resource: within(resource, group.resource, redactor),
      scopes: group.scopes.map((one) => ({ ...one, scope: within(scope, one.scope, redactor) })),
    })),
  };
}

/** The message with its texts redacted; the same bytes when there was nothing to redact. */
function within(shape: Shape, message: Uint8Array, redactor: Redactor): Uint8Array {
  let isChanged = false;
  const written = readFields(message).map((field) => {
    const changed = field.wire === 2 ? changedField(shape[field.number], field, redactor) : undefined;
    if (changed === undefined) return field.raw;
    isChanged = true;
    return changed;
  });
  return isChanged ? Buffer.concat(written) : message;
}

function changedField(
  inner: Shape[number] | undefined,
  { number, content }: Field,
  redactor: Redactor,
): Uint8Array | undefined {
  if (inner === undefined) return undefined;
  if (inner === 'text') {
    const text = utf8(content);
    const replaced = redactor.replaced(text);
    return replaced === text ? undefined : stringField(number, replaced);
  }
  const changed =
    inner === 'attribute'
      ? changedAttribute(content, redactor)
      : inner === 'value'
        ? changedValue(content, redactor)
        : within(inner, content, redactor);
  return changed === content ? undefined : lengthDelimited(number, changed);
}

function changedAttribute(attribute: Uint8Array, redactor: Redactor): Uint8Array {
  const key = utf8(findContent(attribute, 1) ?? nothing);
  const value = findContent(attribute, 2);
  if (value === undefined || redactor.except.has(key)) return attribute;
  const changed = changedValue(value, redactor);
  return changed === value ? attribute : Buffer.concat([stringField(1, key), lengthDelimited(2, changed)]);
}

function changedValue(value: Uint8Array, { replaced }: Redactor): Uint8Array {
  const text = valueText(value);
  if (text === undefined) return value;
  const changed = replaced(text);
  return changed === text ? value : withText(value, changed);
}
