import { type BoardOptions, localUrl } from '../parts/board.ts';
import { type Proof, proofLines } from '../proof/index.ts';
import type { Style } from '../terminal/style.ts';
import type { UpOptions } from './options.ts';

/** Where everything is to be found. */
export interface Urls {
  readonly console: string;
  readonly otlpHttp: string;
  readonly otlpGrpc: string;
  readonly board?: string;
  readonly boardApi?: string;
}

export function urlsOf({ host, consoleHost, stack }: UpOptions, board: BoardOptions | undefined): Urls {
  const shown = (port: number, at = host): string =>
    localUrl(at, port).replace('//127.0.0.1:', '//localhost:');
  const boardUrls = board && { board: shown(board.ports.web), boardApi: shown(board.ports.api) };
  return {
    console: shown(stack.console, consoleHost),
    otlpHttp: shown(stack.otlpHttp),
    otlpGrpc: shown(stack.otlpGrpc),
    ...boardUrls,
  };
}

/** The proof, if there is one, and the addresses, for a person. */
export function reportLines(proof: Proof | undefined, urls: Urls, style: Style): readonly string[] {
  const account = process.env.BOARD_ADMIN_PASSWORD
    ? 'admin / the value of BOARD_ADMIN_PASSWORD'
    : 'admin / admin';
  const board = urls.board === undefined ? '' : `     board  ${style.strong(urls.board)} (${account})`;
  return [
    ...(proof === undefined ? [] : proofLines(proof, style)),
    `  console  ${style.strong(urls.console)}${board}`,
    style.faint(`  OTLP     ${urls.otlpHttp} (HTTP), ${urls.otlpGrpc} (gRPC)`),
  ];
}

/** The same for a program. Without a Board there is nothing to prove, and `signals` is empty. */
export function reportJson(proof: Proof | undefined, urls: Urls): string {
  return JSON.stringify({ ok: proof?.ok ?? true, signals: proof?.signals ?? {}, urls }, null, 2);
}
