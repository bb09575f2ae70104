import { type ChildSpec, httpReadiness } from '@maru/server/supervise';
import type { BoardPorts } from './flags.ts';
import { nodeChild } from './node-child.ts';

/** What the Board's parts are told. */
export interface BoardOptions {
  readonly host: string;
  readonly ports: BoardPorts;
  readonly databaseUrl: string;
  /** Where its telemetry goes, over OTLP/HTTP. */
  readonly otlpEndpoint: string;
  /** Shown with it: where there are ingest keys, the doors ask the Board for one too. */
  readonly ingestKey: string;
}

/**
 * How soon telemetry leaves the Board, in milliseconds. The SDK's defaults (5 s, 1 s, 60 s) spare a big fleet's
 * network; here a person waits for the proof, and one process's telemetry is small.
 */
const soon = {
  OTEL_BSP_SCHEDULE_DELAY: '200',
  OTEL_BLRP_SCHEDULE_DELAY: '200',
  OTEL_METRIC_EXPORT_INTERVAL: '1000',
  OTEL_METRIC_EXPORT_TIMEOUT: '1000',
};

export function boardApi({ host, ports, databaseUrl, otlpEndpoint, ingestKey }: BoardOptions): ChildSpec {
  return nodeChild({
    name: 'board-api',
    program: 'board/api/src/main.ts',
    env: {
      ...cleanEnvironment(),
      PORT: String(ports.api),
      HOST: host,
      BOARD_DATABASE_URL: databaseUrl,
      OTEL_SERVICE_NAME: 'board-api',
      OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${ingestKey}`,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=local',
      OTEL_TRACES_SAMPLER: 'always_on',
      ...soon,
    },
    // Ready means that the database answers too, since the proof logs in.
    readiness: httpReadiness(`${localUrl(host, ports.api)}/readyz`),
    // Faults are switched on here on purpose, and make many warnings.
    terminal: 'errors',
  });
}

export function boardWeb({ host, ports, otlpEndpoint, ingestKey }: BoardOptions): ChildSpec {
  return nodeChild({
    name: 'board-web',
    program: 'board/web/server/main.ts',
    env: {
      ...cleanEnvironment(),
      PORT: String(ports.web),
      HOST: host,
      BOARD_API_URL: localUrl(host, ports.api),
      OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${ingestKey}`,
    },
    readiness: httpReadiness(`${localUrl(host, ports.web)}/`),
    terminal: 'errors',
  });
}

/** @param rate actions a second */
export function boardLoad({ host, ports }: BoardOptions, rate: number): ChildSpec {
  return nodeChild({
    name: 'board-load',
    program: 'board/load/src/main.ts',
    args: ['--url', localUrl(host, ports.web), '--rate', String(rate), '--seed', '1'],
    env: cleanEnvironment(),
    readiness: { kind: 'started' },
    terminal: 'errors',
  });
}

/** How a door is reached from this machine: one that listens on every address answers on loopback. */
export function localUrl(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/**
 * Takes the caller's own `OTEL_*` variables and NODE_ENV away: they are meant for other programs, and would send the
 * Board's telemetry elsewhere, or make it refuse its well-known password.
 */
function cleanEnvironment(): Record<string, undefined> {
  const names = Object.keys(process.env).filter((name) => name.startsWith('OTEL_'));
  return Object.fromEntries([...names, 'NODE_ENV'].map((name) => [name, undefined]));
}
