/** A group of rules as its file says it. Durations are milliseconds. */
export interface RuleGroup {
  /** The file it stands in, as it was found. */
  readonly file: string;
  readonly name: string;
  readonly intervalMs: number;
  /** Most series or alerts of one rule; more are an error, and none are kept. 0 for any number. */
  readonly limit: number;
  /** How far before its time the group looks. */
  readonly queryOffsetMs: number;
  readonly rules: readonly Rule[];
}

export type Rule = RecordingRule | AlertingRule;

export interface RecordingRule {
  readonly kind: 'recording';
  /** The name that the results get. */
  readonly name: string;
  readonly expression: string;
  /** Set on every result; an empty value takes a label away. */
  readonly labels: ReadonlyMap<string, string>;
}

export interface AlertingRule {
  readonly kind: 'alerting';
  readonly name: string;
  readonly expression: string;
  /** How long the expression must give a result before the alert fires. */
  readonly holdMs: number;
  /** How long an alert goes on firing after the expression no longer gives a result. */
  readonly keepFiringMs: number;
  /** Templates. */
  readonly labels: ReadonlyMap<string, string>;
  /** Templates. */
  readonly annotations: ReadonlyMap<string, string>;
}
