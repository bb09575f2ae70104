import { type BenchMetric, endMs, labelsOf, sampleValue, stepMs } from './metrics.ts';

/** Series a request. */
const batch = 500;

/** Steps a request: Prometheus refuses what is more than an hour older than its newest sample. */
const window = 120;

/** Puts metrics into a Prometheus by remote write, the oldest samples of all first. */
export async function fillPeer(url: string, metrics: readonly BenchMetric[]): Promise<void> {
  const longest = Math.max(...metrics.map(({ samples }) => samples));
  for (let back = longest; back > 0; back -= window) {
    for (const metric of metrics.filter(({ samples }) => samples > back - window)) {
      await writeWindow(url, metric, Math.max(0, metric.samples - back), metric.samples - back + window);
    }
  }
}

async function writeWindow(url: string, metric: BenchMetric, from: number, to: number): Promise<void> {
  for (let first = 0; first < metric.series; first += batch) {
    const indexes = Array.from(
      { length: Math.min(batch, metric.series - first) },
      (_, place) => first + place,
    );
    const body = Buffer.concat(indexes.map((index) => seriesMessage(metric, index, from, to)));
    const response = await fetch(`${url}/api/v1/write`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
      body: literalSnappy(body),
    });
    if (!response.ok)
      throw new Error(`the peer refused ${metric.name}: ${response.status} ${await response.text()}`);
  }
}

function seriesMessage(metric: BenchMetric, index: number, from: number, to: number): Buffer {
  const labels = Object.entries({ __name__: metric.name, ...labelsOf(metric, index) }).map(([name, value]) =>
    field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])),
  );
  return field(1, Buffer.concat([...labels, samplesOf(metric, index, from, to)]));
}

/** All samples of a series in one buffer: a buffer each took ten times as long. */
function samplesOf({ samples }: BenchMetric, index: number, from: number, to: number): Buffer {
  const buffer = Buffer.alloc((to - from) * 18);
  let at = 0;
  for (let sample = from; sample < to; sample += 1) {
    const time = varint(endMs - (samples - 1 - sample) * stepMs);
    at = buffer.writeUInt8(0x12, at);
    at = buffer.writeUInt8(10 + time.length, at);
    at = buffer.writeUInt8(0x09, at);
    at = buffer.writeDoubleLE(sampleValue(index, sample), at);
    at = buffer.writeUInt8(0x10, at);
    at += time.copy(buffer, at);
  }
  return buffer.subarray(0, at);
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of((number << 3) | 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** A Snappy block of literals alone, each up to 64 KiB. */
function literalSnappy(bytes: Buffer): Uint8Array<ArrayBuffer> {
  const parts: Buffer[] = [varint(bytes.length)];
  for (let at = 0; at < bytes.length; at += 65_536) {
    const part = bytes.subarray(at, at + 65_536);
    const head = Buffer.of(61 << 2, 0, 0);
    head.writeUInt16LE(part.length - 1, 1);
    parts.push(head, part);
  }
  return Uint8Array.from(Buffer.concat(parts));
}
