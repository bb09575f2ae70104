import type { IncomingMessage } from 'node:http';
import { RequestError } from './failure.ts';
import { Parameters, parameterLimits } from './parameters.ts';

/** What came with a request besides its headers. */
export interface RequestInput {
  readonly parameters: Parameters;
  readonly body: Uint8Array;
}

/** @param bodyBytes the most that a body may have which is no form; without it the body is one */
export async function readInput(
  request: IncomingMessage,
  search: string,
  bodyBytes: number | undefined,
): Promise<RequestInput> {
  if (bodyBytes === undefined) return { parameters: await readParameters(request, search), body: noBody };
  return { parameters: new Parameters([search]), body: await readBody(request, bodyBytes, 'body') };
}

const noBody = new Uint8Array(0);

/** Reads the parameters of a request: those of its URL and, for a form, those of its body. */
async function readParameters(request: IncomingMessage, search: string): Promise<Parameters> {
  if (request.method !== 'POST') return new Parameters([search]);
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/x-www-form-urlencoded') return readForm(request, search);
  if (type === '' && request.headers['content-length'] === '0') return new Parameters([search]);
  throw new RequestError(
    'bad_request',
    `cannot read a body of type ${JSON.stringify(type)}: send application/x-www-form-urlencoded, or the parameters in the URL`,
  );
}

async function readForm(request: IncomingMessage, search: string): Promise<Parameters> {
  const body = await readBody(request, parameterLimits.formBytes, 'form');
  return new Parameters([body.toString('utf8'), search]);
}

async function readBody(request: IncomingMessage, mostBytes: number, what: 'form' | 'body'): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    size += piece.length;
    if (size > mostBytes)
      throw new RequestError('too_large', `the ${what} is larger than ${mostBytes} bytes`, {
        connection: 'close',
      });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
