import { concat, fixed32Field, fixed64Field, lengthDelimited, stringField, varintField } from '@maru/otlp';
import {
  type CaseAttribute,
  encodeAnyValue,
  encodeAttributes,
  readAttributes,
  withPrefix,
} from './case-attributes.ts';
import { caseEpochNanos } from './traceql-cases.ts';

/** A log record of a case file. */
export interface CaseRecord {
  readonly unixNano: bigint;
  readonly service: string;
  /** The body as JSON: text in quotes, or anything else that a body may be. */
  readonly body: string;
  readonly attributes: readonly CaseAttribute[];
}

const recordLine = /^\s*@(\d+)(ms|s) (\S+) ("(?:[^"\\]|\\.)*"|\S+)/;

/**
 * Reads log records, one a line:
 *
 *     @0s api "user logged in" severity=9 text="INFO" trace="1" span="2" log.user.id=7 resource.k8s.pod.name="api-1"
 *
 * Attribute prefixes: `log.`, `resource.`, `scope.`; bare keys: severity (a number), text (the severity's), trace and
 * span (ids), event, scope, version. The service `-` stands for a resource without service.name.
 */
export function readRecords(lines: readonly string[]): readonly CaseRecord[] {
  return lines.map((line) => {
    const match = recordLine.exec(line);
    if (match === null) throw new Error(`cannot read a log record from ${JSON.stringify(line)}`);
    const [whole, at = '0', unit = '', service = '', body = ''] = match;
    const nanos = BigInt(at) * (unit === 's' ? 1_000_000_000n : 1_000_000n);
    return {
      unixNano: caseEpochNanos + nanos,
      service,
      body,
      attributes: readAttributes(line, whole.length),
    };
  });
}

/** The records as one ExportLogsServiceRequest. */
export function encodeRecords(records: readonly CaseRecord[]): Uint8Array {
  return concat(...records.map((record) => lengthDelimited(1, encodeResource(record), encodeScope(record))));
}

function encodeResource({ service, attributes }: CaseRecord): Uint8Array {
  const own = withPrefix(attributes, 'resource.');
  const named = service === '-' ? own : [{ key: 'service.name', json: JSON.stringify(service) }, ...own];
  return lengthDelimited(1, encodeAttributes(1, named));
}

function encodeScope(record: CaseRecord): Uint8Array {
  const scope = lengthDelimited(
    1,
    stringField(1, textOf(record, 'scope')),
    stringField(2, textOf(record, 'version')),
    encodeAttributes(3, withPrefix(record.attributes, 'scope.')),
  );
  return lengthDelimited(2, scope, lengthDelimited(2, encodeRecord(record)));
}

function encodeRecord(record: CaseRecord): Uint8Array {
  return concat(
    fixed64Field(1, record.unixNano),
    varintField(2, Number(textOf(record, 'severity') || '0')),
    stringField(3, textOf(record, 'text')),
    lengthDelimited(5, encodeAnyValue(record.body)),
    encodeAttributes(6, withPrefix(record.attributes, 'log.')),
    fixed32Field(8, 0),
    lengthDelimited(9, hexId(textOf(record, 'trace'), 32)),
    lengthDelimited(10, hexId(textOf(record, 'span'), 16)),
    stringField(12, textOf(record, 'event')),
  );
}

function hexId(text: string, digits: number): Uint8Array {
  return text === '' ? new Uint8Array() : Buffer.from(text.padStart(digits, '0'), 'hex');
}

function textOf({ attributes }: CaseRecord, key: string): string {
  const json = attributes.find((attribute) => attribute.key === key)?.json;
  return json === undefined ? '' : String(JSON.parse(json));
}
