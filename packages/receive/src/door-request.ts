import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** A request as both generations of HTTP give it in Node, as far as the doors look. */
export interface DoorRequest extends Readable {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly complete: boolean;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** An answer as both generations of HTTP take it. */
export interface DoorResponse {
  setHeader(name: string, value: string): unknown;
  writeHead(status: number, headers: OutgoingHttpHeaders): unknown;
  end(body?: string | Uint8Array): unknown;
}
