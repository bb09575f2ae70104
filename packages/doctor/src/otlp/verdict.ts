import type { Values } from '../rules/text.ts';

/** Which cause, before its texts are filled in. */
export interface Verdict {
  readonly id: OtlpCauseId;
  /** The exact text that was seen. */
  readonly seen: string;
  readonly values?: Values;
}

/** The way to a receiver, in its order. */
export type OtlpStep =
  | 'name'
  | 'address'
  | 'TCP'
  | 'TLS'
  | 'protocol'
  | 'path'
  | 'key'
  | 'traces'
  | 'metrics'
  | 'logs'
  | 'read back';

export type OtlpCauseId =
  | 'otlp-name-unknown'
  | 'otlp-name-no-answer'
  | 'otlp-no-route'
  | 'otlp-nothing-listens'
  | 'otlp-black-hole'
  | 'otlp-tls-on-plain'
  | 'otlp-plain-on-tls'
  | 'otlp-certificate-expired'
  | 'otlp-certificate-not-yet-valid'
  | 'otlp-certificate-name'
  | 'otlp-certificate-authority'
  | 'otlp-tls-failed'
  | 'otlp-http-on-grpc-port'
  | 'otlp-grpc-on-http-port'
  | 'otlp-not-http'
  | 'otlp-not-grpc'
  | 'otlp-slow'
  | 'otlp-redirect'
  | 'otlp-html-page'
  | 'otlp-not-a-receiver'
  | 'otlp-path-doubled'
  | 'otlp-path-missing'
  | 'otlp-path-not-found'
  | 'otlp-method-not-allowed'
  | 'otlp-media-type'
  | 'otlp-key-missing'
  | 'otlp-key-wrong'
  | 'otlp-key-forbidden'
  | 'otlp-signal-not-served'
  | 'otlp-too-large'
  | 'otlp-throttled'
  | 'otlp-unavailable'
  | 'otlp-server-error'
  | 'otlp-refused'
  | 'otlp-partial-success'
  | 'otlp-not-found-again';
