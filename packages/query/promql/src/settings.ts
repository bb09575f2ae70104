/** What an installation decides about PromQL. */
export interface PromqlSettings {
  /** How old a sample may be and still count as the present value. */
  readonly lookbackMilliseconds: number;
  /** The step of a subquery that names none; Prometheus takes its global evaluation interval. */
  readonly subqueryStepMilliseconds: number;
  /** Functions and syntax that a default Prometheus 3 has switched off. */
  readonly experimental: boolean;
  /** Whether names fall only from the end result, so that `label_replace` can still see them (experimental). */
  readonly delayedNameRemoval: boolean;
}

/** A default Prometheus 3. */
export const defaultPromqlSettings: PromqlSettings = {
  lookbackMilliseconds: 300_000,
  subqueryStepMilliseconds: 60_000,
  experimental: false,
  delayedNameRemoval: false,
};
