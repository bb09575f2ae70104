import {
  defaulted,
  fields,
  type Kind,
  list,
  name,
  optional,
  type Problems,
  required,
  text,
} from '@maru/config';
import { type ScrapeDefaults, type ScrapeJob, scrapeDefaults, scrapeGlobal, scrapeJobs } from '@maru/scrape';
import type { TlsFiles } from '../../settings.ts';
import type { Translations } from './component.ts';

/** What a receiver says of Maru's doors. */
export interface Receiver {
  /** Signals that come in by it. */
  readonly signals: readonly string[];
  readonly grpc?: Door;
  readonly http?: Door & { readonly corsOrigins: readonly string[] };
  readonly scrapeJobs?: readonly ScrapeJob[];
  /** Where Zipkin's senders would send. */
  readonly zipkinEndpoint?: string;
}

export interface Door {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsFiles;
}

interface TlsConfig {
  readonly cert_file: string;
  readonly key_file: string;
  readonly client_ca_file: string | undefined;
}

const tls: Kind<TlsConfig> = fields({
  cert_file: required(name, ''),
  key_file: required(name, ''),
  client_ca_file: optional(name, ''),
});

interface CorsConfig {
  readonly allowed_origins: readonly string[];
}

const cors: Kind<CorsConfig> = fields({ allowed_origins: defaulted(list(name), [], '', '') });

interface GrpcConfig {
  readonly endpoint: string;
  readonly tls: TlsConfig | undefined;
}

interface HttpConfig extends GrpcConfig {
  readonly cors: CorsConfig | undefined;
}

const grpc: Kind<GrpcConfig> = fields({
  endpoint: defaulted(text, 'localhost:4317', '', ''),
  tls: optional(tls, ''),
});

const http: Kind<HttpConfig> = fields({
  endpoint: defaulted(text, 'localhost:4318', '', ''),
  tls: optional(tls, ''),
  cors: optional(cors, ''),
});

const otlp: Kind<{
  readonly protocols: { readonly grpc: GrpcConfig | undefined; readonly http: HttpConfig | undefined };
}> = fields({ protocols: required(fields({ grpc: optional(grpc, ''), http: optional(http, '') }), '') });

const prometheus: Kind<{
  readonly config: {
    readonly global: ScrapeDefaults;
    readonly scrape_configs: (defaults: ScrapeDefaults) => readonly ScrapeJob[];
  };
}> = fields({
  config: required(
    fields({
      global: defaulted(scrapeGlobal, scrapeDefaults, '', ''),
      scrape_configs: defaulted(scrapeJobs, () => [], '', ''),
    }),
    '',
  ),
});

const zipkin: Kind<{ readonly endpoint: string | undefined }> = fields({ endpoint: optional(text, '') });

export const receivers: Translations<Receiver> = {
  otlp: (node, path, problems) => {
    const read = otlp.read(node, path, problems);
    if (read === undefined) return undefined;
    const { protocols } = read;
    const doors = {
      grpc: protocols.grpc && doorOf(protocols.grpc, node, `${path}.protocols.grpc`, problems),
      http: protocols.http && doorOf(protocols.http, node, `${path}.protocols.http`, problems),
    };
    const corsOrigins = protocols.http?.cors?.allowed_origins ?? [];
    return {
      signals: ['traces', 'metrics', 'logs'],
      ...(doors.grpc && { grpc: doors.grpc }),
      ...(doors.http && { http: { ...doors.http, corsOrigins } }),
    };
  },
  prometheus: (node, path, problems) => {
    const read = prometheus.read(node, path, problems);
    return read && { signals: ['metrics'], scrapeJobs: read.config.scrape_configs(read.config.global) };
  },
  zipkin: (node, path, problems) => {
    const read = zipkin.read(node, path, problems);
    return (
      read && { signals: ['traces'], ...(read.endpoint !== undefined && { zipkinEndpoint: read.endpoint }) }
    );
  },
};

function doorOf(
  { endpoint, tls: files }: GrpcConfig,
  node: Parameters<Translations<Receiver>[string]>[0],
  path: string,
  problems: Problems,
): Door | undefined {
  const [, host, port] = /^(.*):(\d+)$/.exec(endpoint) ?? [];
  if (host === undefined || Number(port) > 65_535)
    return problems.add(node.place, `${path}.endpoint must be HOST:PORT, but is ${JSON.stringify(endpoint)}`);
  const clean = host.replace(/^\[(.*)\]$/, '$1');
  return {
    host: clean === 'localhost' || clean === '' ? '127.0.0.1' : clean,
    port: Number(port),
    ...(files && {
      tls: {
        certPath: files.cert_file,
        keyPath: files.key_file,
        ...(files.client_ca_file !== undefined && { clientCaPath: files.client_ca_file }),
      },
    }),
  };
}
