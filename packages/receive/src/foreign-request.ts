import type { OutgoingHttpHeaders } from 'node:http';
import { Refusal } from '@maru/ledger';
import { Malformed } from '@maru/otlp';
import { type Accepted, CountedRefusal, refusedRequest } from './accept.ts';
import { anyone, type Origin } from './authorize.ts';
import { declaredLength, readBody } from './body.ts';
import type { DoorOptions } from './door-options.ts';
import type { DoorRequest, DoorResponse } from './door-request.ts';
import { inflateBody } from './inflate.ts';
import { asRefusal, outcomeOf } from './outcome.ts';
import { addressClass } from './source.ts';
import type { ForeignDoor, Translated } from './translate/foreign.ts';
import { unsnap } from './translate/snappy.ts';

/** What such a request becomes in memory is many times its size: texts, numbers and lists of its own. */
const maxForeignBytes = 8 * 1024 * 1024;

const nothingWritten = { samples: 0, histograms: 0, exemplars: 0 };

/** Takes a request of another protocol than OTLP and answers it in that protocol's terms: a status, and a sentence. */
export async function answerForeign(
  door: ForeignDoor,
  request: DoorRequest,
  response: DoorResponse,
  options: DoorOptions,
): Promise<void> {
  const source = addressClass(request.socket.remoteAddress);
  let sender = anyone;
  try {
    sender = (await options.authorize?.(request.headers, door.signal)) ?? anyone;
    const { accepted, translated } = await take(door, request, { sender, source }, options);
    sendAccepted(door, response, accepted, translated);
  } catch (error) {
    if (request.destroyed && !request.complete) return;
    const refusal = asRefusal(error);
    if (!(refusal instanceof CountedRefusal))
      options.rejected(sender.tenant, refusedRequest(door.signal, refusal, source));
    if (!request.complete) request.resume();
    sendRefusal(door, response, refusal);
  }
}

async function take(
  door: ForeignDoor,
  request: DoorRequest,
  origin: Origin,
  options: DoorOptions,
): Promise<{ readonly accepted: Accepted; readonly translated: Translated }> {
  const { budget } = options;
  const maxBytes = Math.min(options.maxRequestBytes, maxForeignBytes);
  const body = await readBody(request, { budget, maxBytes, declaredBytes: declaredLength(request) });
  try {
    const translated = await translate(door, body.bytes, request, { ...options, maxRequestBytes: maxBytes });
    const accepted = await options.accept(door.signal, translated.request, origin);
    return { accepted, translated };
  } finally {
    body.release();
  }
}

async function translate(
  door: ForeignDoor,
  body: Uint8Array,
  request: DoorRequest,
  { gate, maxRequestBytes: maxBytes }: DoorOptions,
): Promise<Translated> {
  const encoding = encodingOf(door, request);
  try {
    const bytes =
      encoding === 'snappy' ? unsnap(body, maxBytes) : await inflateBody(body, encoding, { maxBytes, gate });
    return door.translate(bytes, request.headers);
  } catch (error) {
    if (error instanceof Malformed)
      throw new Refusal('malformed', `the request cannot be read: ${error.what}`);
    throw error;
  }
}

/** Loki's clients send Snappy without saying so when the body is protobuf. */
function encodingOf({ encodings }: ForeignDoor, request: DoorRequest): string {
  const given = request.headers['content-encoding'] ?? '';
  const isJson = request.headers['content-type']?.includes('json') === true;
  const encoding = given === '' && !isJson && encodings.includes('snappy') ? 'snappy' : given;
  if (encodings.includes(encoding)) return encoding;
  const known = encodings.filter((name) => name !== '').join(', ');
  const sentence = `the content encoding ${JSON.stringify(encoding.slice(0, 40))} is not supported here: use ${known}`;
  throw new Refusal('unsupported_encoding', sentence);
}

function sendAccepted(
  door: ForeignDoor,
  response: DoorResponse,
  { rejected, message }: Accepted,
  { written }: Translated,
): void {
  const headers =
    written === undefined
      ? {}
      : writtenHeaders({ ...written, samples: Math.max(0, written.samples - rejected) });
  if (rejected > 0 && door.partialIsBad) sendText(response, 400, headers, message);
  else {
    response.writeHead(door.successStatus, headers);
    response.end();
  }
}

function sendRefusal(door: ForeignDoor, response: DoorResponse, refusal: Refusal): void {
  const retry = refusal.retryAfterSeconds;
  const headers = {
    ...(door.signal === 'metrics' ? writtenHeaders(nothingWritten) : {}),
    ...(refusal.reason === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {}),
    ...(retry === undefined ? {} : { 'retry-after': String(retry) }),
  };
  sendText(response, outcomeOf(refusal).http, headers, refusal.message);
}

/** Remote write 2.0 has them on every answer, for success and failure; 1.0 does not look at them. */
function writtenHeaders({
  samples,
  histograms,
  exemplars,
}: NonNullable<Translated['written']>): OutgoingHttpHeaders {
  return {
    'x-prometheus-remote-write-samples-written': String(samples),
    'x-prometheus-remote-write-histograms-written': String(histograms),
    'x-prometheus-remote-write-exemplars-written': String(exemplars),
  };
}

function sendText(
  response: DoorResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  sentence: string,
): void {
  response.writeHead(status, { ...headers, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${sentence}\n`);
}
