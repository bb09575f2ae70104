import type { IncomingMessage } from 'node:http';
import { RequestError } from './failure.ts';
import { Parameters, parameterLimits } from './parameters.ts';

/** Reads the parameters of a request: those of its URL and, for a form, those of its body. */
export async function readParameters(request: IncomingMessage, search: string): Promise<Parameters> {
  if (request.method !== 'POST') return new Parameters([search]);
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/x-www-form-urlencoded') return new Parameters([await readBody(request), search]);
  if (type === '' && request.headers['content-length'] === '0') return new Parameters([search]);
  throw new RequestError(
    'bad_request',
    `cannot read a body of type ${JSON.stringify(type)}: send application/x-www-form-urlencoded, or the parameters in the URL`,
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    size += piece.length;
    if (size > parameterLimits.formBytes) {
      throw new RequestError('too_large', `the form is larger than ${parameterLimits.formBytes} bytes`, {
        connection: 'close',
      });
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
