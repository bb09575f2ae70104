import { type NanoRange, QueryError, sqlTime } from '@maru/query-core';
import { join, type Reader, type ReadOptions, type Sql, sql } from '@maru/store';
import type { LabelFilter, LabelSelection, LogExpression, Stage } from '../syntax/ast.ts';
import { notSupported } from '../syntax/error.ts';
import { fieldText, needsKeys } from './fields.ts';
import { type KeysOf, readKeys } from './keys.ts';
import { type FieldText, labelFilterSql } from './label-filter.ts';
import { lineFilterSql } from './line-filter.ts';
import { readStreams, type Stream, streamsCondition } from './streams.ts';

/** Which lines a log query selects and which labels they bear, ready to be asked of the engine. */
export interface LogPlan {
  readonly streams: readonly Stream[];
  /** The lines selected, but for their time. */
  readonly where: Sql;
  /** A label's value in a row of `logs`, as the stages leave it. */
  readonly field: FieldText;
  /** True in the rows where a label filter could not read a value; these bear `__error__`. */
  readonly fails: Sql | undefined;
  /** Whether the stages leave a label there. */
  readonly keepsLabel: (label: string) => boolean;
}

/** What a label filter that cannot read its value leaves in `__error__`. */
export const labelFilterError = 'LabelFilterErr';

/** The engine takes 256 KiB of query text. */
const maxConditionLength = 150_000;

/**
 * Plans a log query over a range: finds its streams and translates its stages. A stage that must run on lines, not in
 * the engine, is refused with its position.
 *
 * @param grouped labels that will be asked for besides those of the stages
 */
export async function planLog(
  reader: Reader,
  log: LogExpression,
  text: string,
  range: NanoRange,
  options: ReadOptions,
  grouped: readonly string[] = [],
): Promise<LogPlan> {
  const streams = await readStreams(reader, log.selector, range, options);
  const where = streamsCondition(streams);
  const labels = [...log.stages.flatMap(labelsOf), ...grouped];
  const keysOf = labels.some(needsKeys)
    ? await readKeys(reader, sql`${logsWithin(range)} AND ${where}`, options)
    : () => [];
  return checked(
    log.stages.reduce((plan, stage) => addStage(plan, stage, text), startPlan(streams, where, keysOf)),
  );
}

/** Lines whose time is within the range. */
export function logsWithin(range: NanoRange): Sql {
  return sql`time >= ${sqlTime(range.startUnixNano)} AND time < ${sqlTime(range.endUnixNano)}`;
}

function startPlan(streams: readonly Stream[], where: Sql, keysOf: KeysOf): LogPlan {
  return {
    streams,
    where,
    field: (label) => fieldText(label, streams, keysOf),
    fails: undefined,
    keepsLabel: () => true,
  };
}

function checked(plan: LogPlan): LogPlan {
  if (plan.where.text.length + (plan.fails?.text.length ?? 0) <= maxConditionLength) return plan;
  throw new QueryError(
    'execution',
    'the query is too complex for the streams it selects; select fewer with label matchers',
  );
}

/** The labels a stage asks for. */
function labelsOf(stage: Stage): readonly string[] {
  return stage.kind === 'labelFilter' ? filteredLabels(stage.filter) : [];
}

function filteredLabels(filter: LabelFilter): readonly string[] {
  return filter.kind === 'logical'
    ? [...filteredLabels(filter.left), ...filteredLabels(filter.right)]
    : [filter.name];
}

function addStage(plan: LogPlan, stage: Stage, text: string): LogPlan {
  switch (stage.kind) {
    case 'lineFilter':
      return { ...plan, where: join([plan.where, lineFilterSql(stage, text)], ' AND ') };
    case 'labelFilter':
      return addLabelFilter(plan, stage.filter, text);
    case 'drop':
    case 'keep':
      return selectLabels(plan, stage, text);
    case 'parser':
      throw notSupported(text, stage.start, `parser ${stage.name}`);
    case 'lineFormat':
      throw notSupported(text, stage.start, 'line_format');
    case 'labelFormat':
      throw notSupported(text, stage.start, 'label_format');
    default:
      throw notSupported(text, stage.start, stage.kind);
  }
}

function addLabelFilter(plan: LogPlan, filter: LabelFilter, text: string): LogPlan {
  const { keeps, fails } = labelFilterSql(filter, plan.field, text);
  const where = join([plan.where, keeps], ' AND ');
  if (fails === undefined) return { ...plan, where };
  const failed = plan.fails === undefined ? fails : sql`(${plan.fails} OR ${fails})`;
  const field: FieldText = (label) =>
    label === '__error__' ? sql`if(${failed}, ${labelFilterError}, '')` : plan.field(label);
  return { ...plan, where, field, fails: failed };
}

function selectLabels(plan: LogPlan, stage: LabelSelection, text: string): LogPlan {
  const matcher = stage.labels.find((label) => label.operator !== undefined);
  if (matcher !== undefined) throw notSupported(text, matcher.start, `${stage.kind} by a label's value`);
  const named = new Set(stage.labels.map((label) => label.name));
  const stays = (label: string): boolean => named.has(label) === (stage.kind === 'keep');
  return {
    ...plan,
    field: (label) => (stays(label) ? plan.field(label) : sql`''`),
    fails: stays('__error__') ? plan.fails : undefined,
    keepsLabel: (label) => stays(label) && plan.keepsLabel(label),
  };
}
