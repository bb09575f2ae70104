import { type Labels, labelsOf } from '@maru/query-core';
import { join, type Sql, sql } from '@maru/store';
import { type AttributeColumns, attributeTexts, textOfJson } from './attribute-text.ts';
import { recordFields } from './fields.ts';
import { cleanLabelName } from './label-names.ts';
import { type LogPlan, labelFilterError } from './plan-log.ts';
import type { Stream } from './streams.ts';

/** What of a row of `logs` its labels are made from. */
export interface RecordRow extends AttributeColumns {
  readonly resource: string;
  readonly scope: Readonly<Record<string, string>>;
  /** Texts of `recordFields`, in their order. */
  readonly record: readonly string[];
  readonly failed: boolean | number;
}

/** The columns of a RecordRow. */
export function recordColumns(plan: LogPlan): Sql {
  return sql`toString(resource_id) AS resource, scope_attributes AS scope,
    attributes_string, attributes_int, attributes_double, attributes_bool, attributes_other,
    [${join([...recordFields.values()], ', ')}] AS record, ${plan.fails ?? sql`false`} AS failed`;
}

/** A line's labels: those of its stream, and its structured metadata, which never hide the former. */
export interface RecordLabels {
  readonly stream: Labels;
  readonly metadata: Labels;
}

/** Makes the labels of rows; the streams' are made once. */
export function labelsReader(plan: LogPlan): (row: RecordRow) => RecordLabels {
  const streams = new Map(plan.streams.map((stream) => [stream.resourceId, keptStream(stream, plan)]));
  return (row) => {
    const stream = streams.get(row.resource);
    return { stream: stream?.labels ?? new Map(), metadata: metadataOf(row, stream, plan) };
  };
}

function keptStream(stream: Stream, plan: LogPlan): Stream {
  const kept = (labels: Labels): Labels => labelsOf([...labels].filter(([name]) => plan.keepsLabel(name)));
  return { ...stream, labels: kept(stream.labels), metadata: kept(stream.metadata) };
}

/** Later ones win: the resource's, the scope's, the line's own attributes, what its columns say. */
function metadataOf(row: RecordRow, stream: Stream | undefined, plan: LogPlan): Labels {
  const pairs = new Map<string, string>(stream?.metadata);
  for (const [key, json] of Object.entries(row.scope)) pairs.set(cleanLabelName(key), textOfJson(json));
  for (const [key, value] of attributeTexts(row)) pairs.set(cleanLabelName(key), value);
  for (const [index, name] of [...recordFields.keys()].entries()) {
    const value = row.record[index];
    if (value) pairs.set(name, value);
  }
  if (row.failed) pairs.set('__error__', labelFilterError);
  return labelsOf([...pairs].filter(([name]) => plan.keepsLabel(name) && !stream?.labels.has(name)));
}
