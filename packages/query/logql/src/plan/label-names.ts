import { streamLabelAttributes } from '@maru/otlp';

/** An attribute's name as a label: characters that a label may not hold become `_`, several in a row one. */
export function cleanLabelName(name: string): string {
  const cleaned = name.replace(/[^a-zA-Z0-9_]+/g, '_').replace(/__+/g, '_');
  return /^\d/.test(cleaned) ? `key_${cleaned}` : cleaned;
}

/** The labels of streams. */
export const indexLabels: ReadonlySet<string> = new Set(streamLabelAttributes.map(cleanLabelName));

/** Where Loki looks for a service's name when there is no service.name, in this order. */
export const serviceNameSources: readonly string[] = [
  'service',
  'app',
  'application',
  'app_name',
  'name',
  'app_kubernetes_io_name',
  'container',
  'container_name',
  'k8s_container_name',
  'component',
  'workload',
  'job',
  'k8s_job_name',
];

/** What a service is called when nothing names it. */
export const unknownService = 'unknown_service';
