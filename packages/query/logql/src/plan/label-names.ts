import { streamLabelAttributes } from '@maru/otlp';

/** An attribute's name as a label: characters that a label may not hold become `_`, several in a row one. */
export function cleanLabelName(name: string): string {
  const cleaned = name.replace(/[^a-zA-Z0-9_]+/g, '_').replace(/__+/g, '_');
  return /^\d/.test(cleaned) ? `key_${cleaned}` : cleaned;
}

/** The labels of streams. */
export const indexLabels: ReadonlySet<string> = new Set(streamLabelAttributes.map(cleanLabelName));

/** What a service is called when nothing names it. */
export const unknownService = 'unknown_service';
