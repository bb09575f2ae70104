/** The three kinds of telemetry that Maru takes, under the names that OTLP's HTTP paths use. */
export type Signal = 'traces' | 'metrics' | 'logs';

export const signals: readonly Signal[] = ['traces', 'metrics', 'logs'];

export function isSignal(text: string): text is Signal {
  return (signals as readonly string[]).includes(text);
}
