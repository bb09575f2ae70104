import { Refusal } from '@maru/ledger';
import { Malformed, snap } from '@maru/otlp';
import { type RawSeries, rawSeries } from '@maru/promql';
import { admit, type Budget, compareLabels, type QueryCapacity } from '@maru/query-core';
import { unsnap } from '@maru/receive';
import type { Reader } from '@maru/store';
import type { Answer } from '../../http/answer.ts';
import { RequestError } from '../../http/failure.ts';
import type { Handle } from '../../http/router.ts';
import { answeringQueryErrors } from '../envelope.ts';
import { chunkedFrame, type ReadSeries, readResponse } from './messages.ts';
import { type ReadQuery, type ReadRequest, readReadRequest } from './request.ts';

/** A request is a few matchers. */
export const maxReadRequestBytes = 1_048_576;

/**
 * `POST /api/v1/read`: the samples of series as they are stored, for another Prometheus. A client that takes chunks gets
 * chunks, unless there are native histograms among the series and it takes samples too.
 */
export function remoteRead(reader: Reader, capacity: QueryCapacity): Handle {
  return answeringQueryErrors('query', async ({ body, signal }) => {
    const request = requestOf(body);
    const results = await admit(capacity, { signal }, async ({ budget, becomeLong }) => {
      await becomeLong();
      const found: (readonly ReadSeries[])[] = [];
      for (const query of request.queries) found.push(await seriesOf(reader, query, budget));
      return found;
    });
    return answer(request, results);
  });
}

function requestOf(body: Uint8Array): ReadRequest {
  try {
    return readReadRequest(unsnap(body, maxReadRequestBytes));
  } catch (error) {
    if (error instanceof Malformed)
      throw new RequestError('bad_request', `the body is no remote read request in Snappy: ${error.what}`);
    if (error instanceof Refusal) throw new RequestError('too_large', error.message);
    throw error;
  }
}

function answer({ accepts }: ReadRequest, results: readonly (readonly ReadSeries[])[]): Answer {
  const hasHistograms = results.some((series) => series.some(({ histograms }) => histograms.length > 0));
  const type = accepts.find((one) => one === 'samples' || !hasHistograms);
  if (type === undefined)
    throw new RequestError(
      'bad_request',
      'native histograms are answered as samples only: accept the response type SAMPLES',
    );
  if (type === 'samples') {
    const body = snap(readResponse(results));
    return {
      status: 200,
      contentType: 'application/x-protobuf',
      headers: { 'content-encoding': 'snappy' },
      body,
    };
  }
  const frames = results.flatMap((series, index) => series.map((one) => chunkedFrame(one, index)));
  return {
    status: 200,
    contentType: 'application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse',
    body: Buffer.concat(frames),
  };
}

/** In the order of their labels, as clients merge them with others. */
async function seriesOf(reader: Reader, query: ReadQuery, budget: Budget): Promise<readonly ReadSeries[]> {
  const { startMs, endMs, matchers } = query;
  const found: ReadSeries[] = [];
  for await (const batch of rawSeries(reader, matchers, { afterMs: startMs - 1, untilMs: endMs }, budget)) {
    // What is kept counts for as long as the answer is made.
    budget.addSamples(batch.reduce((sum, { times }) => sum + times.length, 0));
    found.push(...batch.map(readSeries));
  }
  return found.toSorted((left, right) => compareLabels(left.labels, right.labels));
}

/** The upper half of Prometheus's stale marker, and the lower. */
const staleBits = [0x7ff00000, 2] as const;

function readSeries({ labels, times, values, stale, histograms }: RawSeries): ReadSeries {
  const isNumber = (index: number): boolean => histograms?.[index] === undefined;
  const kept = Array.from(times.keys()).filter(isNumber);
  const view = new DataView(new ArrayBuffer(8));
  const bits = new Uint32Array(2 * kept.length);
  for (const [place, index] of kept.entries()) {
    view.setFloat64(0, values[index] ?? Number.NaN);
    const isStale = stale?.[index] === 1;
    bits[2 * place] = isStale ? staleBits[0] : view.getUint32(0);
    bits[2 * place + 1] = isStale ? staleBits[1] : view.getUint32(4);
  }
  return {
    labels,
    times: Float64Array.from(kept, (index) => times[index] ?? 0),
    bits,
    histograms: (histograms ?? []).flatMap((histogram, index) =>
      histogram === undefined ? [] : [{ timeMs: times[index] ?? 0, histogram }],
    ),
  };
}
