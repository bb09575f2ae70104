import type { Signal } from '@maru/otlp';
import type { SeriesNaming } from '@maru/otlp/prometheus';
import type { DestinationSettings } from '../settings.ts';
import { createGrpcSender } from './grpc.ts';
import { createHttpSender } from './http.ts';
import { createRemoteWriteSender } from './remote-write.ts';
import type { Sender } from './sender.ts';
import { readTlsOptions } from './tls.ts';

/** Opens nothing yet. Throws one sentence when the files of TLS cannot be read. */
export function createSender(settings: DestinationSettings, signal: Signal, naming: SeriesNaming): Sender {
  const endpoint = settings.endpoints[signal];
  if (endpoint === undefined) throw new Error(`${settings.name} does not take ${signal}`);
  const tls = readTlsOptions(settings);
  const url = new URL(endpoint);
  if (settings.protocol === 'remote_write') return createRemoteWriteSender(settings, naming, url, tls);
  return settings.protocol === 'grpc'
    ? createGrpcSender(settings, signal, url, tls)
    : createHttpSender(settings, signal, url, tls);
}
