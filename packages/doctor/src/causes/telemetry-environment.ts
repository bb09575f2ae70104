import type { Environment } from '../evidence/model.ts';

export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** The variables with such a name whose value is known, not empty, and fits. */
export function settingsNamed(
  { variables }: Environment,
  name: RegExp,
  fits: (value: string) => boolean,
): readonly Setting[] {
  return Object.entries(variables)
    .map(([key, value]) => ({ name: key, value: value.trim() }))
    .filter((setting) => name.test(setting.name) && isKnown(setting.value) && fits(setting.value));
}

/** `$(NODE_IP)` is filled in by the kubelet, and an empty value is as good as none. */
function isKnown(value: string): boolean {
  return value !== '' && !/\$[({]/.test(value);
}

/** Every OTLP endpoint that is set: the base and those of one signal. */
export function endpointsOf(environment: Environment): readonly Setting[] {
  return settingsNamed(environment, /^OTEL_EXPORTER_OTLP_(?:(?:TRACES|METRICS|LOGS)_)?ENDPOINT$/, () => true);
}

/** The protocol that goes with an endpoint's variable: its signal's own, else the common one, else empty. */
export function protocolOf({ variables }: Environment, endpointName: string): string {
  const own = variables[endpointName.replace(/ENDPOINT$/, 'PROTOCOL')];
  return (own || variables.OTEL_EXPORTER_OTLP_PROTOCOL || '').trim();
}
