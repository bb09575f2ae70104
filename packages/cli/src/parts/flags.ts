import type { Arguments, Flags } from '../command.ts';
import { numberFlag, portFlag, textFlag } from '../flag-values.ts';
import type { PortClaim } from '../ports/claim.ts';

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
  host: { type: 'string', value: 'ADDRESS', help: 'address to listen on', default: '127.0.0.1' },
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

export function stackPorts(args: Arguments): StackPorts {
  return {
    console: portFlag(args, 'port-console', 3000),
    otlpHttp: portFlag(args, 'port-otlp-http', 4318),
    otlpGrpc: portFlag(args, 'port-otlp-grpc', 4317),
  };
}

export function boardPorts(args: Arguments): BoardPorts {
  return {
    web: portFlag(args, 'port-board', 8080),
    api: portFlag(args, 'port-api', 5000),
    mariadb: portFlag(args, 'port-mariadb', 3307),
  };
}

export function hostFlag(args: Arguments): string {
  return textFlag(args, 'host') ?? '127.0.0.1';
}

/** Actions a second of the load generator. */
export function rateFlag(args: Arguments): number {
  return numberFlag(args, 'rate', 1);
}

export function stackClaims(ports: StackPorts): readonly PortClaim[] {
  return [
    { port: ports.console, what: 'the console and the query APIs', flag: '--port-console' },
    { port: ports.otlpHttp, what: 'OTLP over HTTP', flag: '--port-otlp-http' },
    { port: ports.otlpGrpc, what: 'OTLP over gRPC', flag: '--port-otlp-grpc' },
  ];
}

/** @param withDatabase false when the Board uses a server that somebody else runs */
export function boardClaims(ports: BoardPorts, withDatabase: boolean): readonly PortClaim[] {
  return [
    { port: ports.web, what: "the Board's web front end", flag: '--port-board' },
    { port: ports.api, what: "the Board's API", flag: '--port-api' },
    ...(withDatabase ? [{ port: ports.mariadb, what: "the Board's MariaDB", flag: '--port-mariadb' }] : []),
  ];
}
