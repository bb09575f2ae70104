import { quoted } from './quote.ts';

/** One condition on an attribute, as the builder holds it. */
export interface AttributeCondition {
  /** Attribute name; with a scope (`span.http.route`) or without (`http.route`: any scope). */
  readonly key: string;
  readonly operator: ConditionOperator;
  /** Numbers and booleans compare as such; a value in double quotes is always text. */
  readonly value: string;
}

export const conditionOperators = ['=', '!=', '=~', '!~', '>', '>=', '<', '<='] as const;
export type ConditionOperator = (typeof conditionOperators)[number];

/** What the builder of the Traces page holds; absent means "any". */
export interface TraceFilter {
  readonly service?: string | undefined;
  readonly operation?: string | undefined;
  readonly status?: string | undefined;
  /** Go duration, such as `100ms`. */
  readonly minDuration?: string | undefined;
  readonly maxDuration?: string | undefined;
  readonly conditions?: readonly AttributeCondition[] | undefined;
}

const scopes = /^(?:span|resource|event|link|instrumentation)\./;
const intrinsics = new Set([
  'name',
  'status',
  'statusMessage',
  'kind',
  'duration',
  'traceDuration',
  'rootName',
  'rootServiceName',
]);
const plainName = /^[\p{L}_][\p{L}\p{N}_.\-/@]*$/u;
const number = /^-?\d+(?:\.\d+)?$/;
const goDuration = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/;

/** The TraceQL query of a filter; `{ }` when nothing is asked for. */
export function traceqlOf(filter: TraceFilter): string {
  const parts = [
    filter.service && `resource.service.name = ${quoted(filter.service)}`,
    filter.operation && `name = ${quoted(filter.operation)}`,
    filter.status && `status = ${filter.status}`,
    filter.minDuration && `duration >= ${filter.minDuration}`,
    filter.maxDuration && `duration <= ${filter.maxDuration}`,
    ...(filter.conditions ?? []).map(conditionText),
  ].filter((part) => part);
  return parts.length === 0 ? '{ }' : `{ ${parts.join(' && ')} }`;
}

function conditionText({ key, operator, value }: AttributeCondition): string {
  return `${attributeName(key)} ${operator} ${literal(key, operator, value)}`;
}

/** An attribute's name as TraceQL writes it: scoped, or led by a dot, quoted when it holds unusual characters. */
export function attributeName(key: string): string {
  if (intrinsics.has(key)) return key;
  const scope = scopes.exec(key)?.[0] ?? '.';
  const name = scope === '.' ? key.replace(/^\./, '') : key.slice(scope.length);
  return scope + (plainName.test(name) ? name : quoted(name));
}

function literal(key: string, operator: ConditionOperator, value: string): string {
  if (/^".*"$/s.test(value)) return quoted(value.slice(1, -1));
  if (operator === '=~' || operator === '!~') return quoted(value);
  if (number.test(value) || value === 'true' || value === 'false') return value;
  if (key === 'status' || key === 'kind') return value;
  if (/duration/i.test(key) && goDuration.test(value)) return value;
  return quoted(value);
}

/** Whether the text is a duration that TraceQL takes, such as `1.5s` or `1m30s`. */
export function isGoDuration(text: string): boolean {
  return goDuration.test(text);
}

/** A condition as one URL parameter: key, operator and value parted by spaces. */
export function conditionParameter(condition: AttributeCondition): string {
  return `${condition.key} ${condition.operator} ${condition.value}`;
}

/** The reverse of {@link conditionParameter}; undefined when the text is no condition. */
export function parseCondition(text: string): AttributeCondition | undefined {
  const match = /^(\S+) (=|!=|=~|!~|>|>=|<|<=) (.*)$/s.exec(text);
  if (!match) return undefined;
  const [, key = '', operator = '=', value = ''] = match;
  return { key, operator: operator as ConditionOperator, value };
}
