import type { Signal } from '@maru/otlp';
import { type Answer, exchange } from '../probe/exchange.ts';
import { type OtlpTarget, withPath } from './target.ts';

/** Posts an export request to the path that SDKs use: the base, and `/v1/` with the signal. */
export function postExport(target: OtlpTarget, signal: Signal, body: Uint8Array): Promise<Answer> {
  const contentType = target.protocol === 'http/json' ? 'application/json' : 'application/x-protobuf';
  return exchange({
    method: 'POST',
    url: withPath(target.base, `/v1/${signal}`),
    headers: { ...target.headers, 'content-type': contentType },
    body,
    timeoutMs: target.timeoutMs,
    ...(target.ca === undefined ? {} : { ca: target.ca }),
  });
}

/** A valid request without items. */
export function emptyRequest({ protocol }: OtlpTarget): Uint8Array {
  return Buffer.from(protocol === 'http/json' ? '{}' : '');
}
