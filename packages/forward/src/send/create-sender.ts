import type { DestinationSettings } from '../settings.ts';
import { createGrpcSender } from './grpc.ts';
import { createHttpSender } from './http.ts';
import type { Sender } from './sender.ts';
import { readTlsOptions } from './tls.ts';

/** Opens nothing yet. Throws one sentence when the files of TLS cannot be read. */
export function createSender(settings: DestinationSettings, signal: 'traces' | 'metrics' | 'logs'): Sender {
  const endpoint = settings.endpoints[signal];
  if (endpoint === undefined) throw new Error(`${settings.name} does not take ${signal}`);
  const tls = readTlsOptions(settings);
  return settings.protocol === 'grpc'
    ? createGrpcSender(settings, signal, new URL(endpoint), tls)
    : createHttpSender(settings, new URL(endpoint), tls);
}
