import { defaultSettings } from '@maru/server/settings';
import type { Arguments, Flags } from '../command.ts';
import { isOn, numberFlag, portFlag, textFlag } from '../flag-values.ts';
import type { PortClaim } from '../ports/claim.ts';
import type { FileSettings } from './config-file.ts';

/** The stack's doors, and who asks for them. */
export interface StackPorts {
  readonly console: number;
  readonly otlpHttp: number;
  readonly otlpGrpc: number;
}

/** The Board's doors. */
export interface BoardPorts {
  readonly web: number;
  readonly api: number;
  readonly mariadb: number;
}

/** Flags of every command that starts the stack. */
export const stackFlags: Flags = {
  data: { type: 'string', value: 'DIR', help: 'directory for all that is kept', default: '.maru/data' },
  config: {
    type: 'string',
    value: 'FILE',
    help: 'configuration file; flags override it',
    default: 'maru.yaml in the data directory, when there is one',
  },
  host: {
    type: 'string',
    value: 'ADDRESS',
    help: 'where OTLP is taken; wider than loopback it needs a key (./maru key create) or --insecure',
    default: '127.0.0.1',
  },
  'host-console': {
    type: 'string',
    value: 'ADDRESS',
    help: 'where console and query APIs listen; wider than loopback it needs a key that reads (./maru key create NAME --read) or --insecure',
    default: '127.0.0.1',
  },
  insecure: { type: 'boolean', help: 'listen wider than loopback although nothing asks for a key' },
  'port-console': { type: 'string', value: 'PORT', help: 'console and query APIs', default: '3000' },
  'port-otlp-http': { type: 'string', value: 'PORT', help: 'OTLP over HTTP', default: '4318' },
  'port-otlp-grpc': { type: 'string', value: 'PORT', help: 'OTLP over gRPC', default: '4317' },
};

/** Flags of the command that starts the Board too. */
export const boardFlags: Flags = {
  'port-board': { type: 'string', value: 'PORT', help: "the Board's web front end", default: '8080' },
  'port-api': { type: 'string', value: 'PORT', help: "the Board's API", default: '5000' },
  'port-mariadb': {
    type: 'string',
    value: 'PORT',
    help: "the Board's MariaDB, on loopback",
    default: '3307',
  },
};

/** @param config what the configuration file says, which flags override */
export function stackPorts(args: Arguments, config: FileSettings = defaultSettings): StackPorts {
  return {
    console: portFlag(args, 'port-console', config.httpPort),
    otlpHttp: portFlag(args, 'port-otlp-http', config.otlpHttpPort),
    otlpGrpc: portFlag(args, 'port-otlp-grpc', config.otlpGrpcPort),
  };
}

export function boardPorts(args: Arguments): BoardPorts {
  return {
    web: portFlag(args, 'port-board', 8080),
    api: portFlag(args, 'port-api', 5000),
    mariadb: portFlag(args, 'port-mariadb', 3307),
  };
}

/** The addresses of the stack, and whether others may reach what asks for no key. */
export interface StackHosts {
  readonly host: string;
  readonly consoleHost: string;
  readonly insecure: boolean;
}

/** @param config what the configuration file says, which flags override */
export function stackHosts(args: Arguments, config: FileSettings = defaultSettings): StackHosts {
  return {
    host: textFlag(args, 'host') ?? config.host,
    consoleHost: textFlag(args, 'host-console') ?? config.consoleHost,
    insecure: isOn(args, 'insecure'),
  };
}

/** Actions a second of the load generator. */
export function rateFlag(args: Arguments): number {
  return numberFlag(args, 'rate', 1);
}

export function stackClaims(ports: StackPorts, { host, consoleHost }: StackHosts): readonly PortClaim[] {
  return [
    {
      port: ports.console,
      host: consoleHost,
      what: 'the console and the query APIs',
      flag: '--port-console',
    },
    { port: ports.otlpHttp, host, what: 'OTLP over HTTP', flag: '--port-otlp-http' },
    { port: ports.otlpGrpc, host, what: 'OTLP over gRPC', flag: '--port-otlp-grpc' },
  ];
}

/** @param withDatabase false when the Board uses a server that somebody else runs */
export function boardClaims(ports: BoardPorts, host: string, withDatabase: boolean): readonly PortClaim[] {
  return [
    { port: ports.web, host, what: "the Board's web front end", flag: '--port-board' },
    { port: ports.api, host, what: "the Board's API", flag: '--port-api' },
    ...(withDatabase
      ? [{ port: ports.mariadb, host: '127.0.0.1', what: "the Board's MariaDB", flag: '--port-mariadb' }]
      : []),
  ];
}
