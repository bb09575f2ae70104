import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ledgerObject, type Seen, type SeenObject, tarOf } from '@maru/cluster';
import { below, pick, seededRandom } from '@maru/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleOf } from './bundle/bundle.ts';
import { examineBundle, examineText } from './examine.ts';
import { reportLines } from './report/lines.ts';
import { markdownOf } from './report/markdown.ts';
import { readIncidents } from './testing/incidents.ts';

const folder = mkdtempSync(join(tmpdir(), 'maru-robust-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const recordings = join(import.meta.dirname, '../testdata/recordings');
const texts = [
  ...readIncidents().map(({ text }) => text),
  ...['plat-idx.pod.json', 'live.events.json', 'oom.describe.txt', 'nodes.json'].map((file) =>
    readFileSync(join(recordings, file), 'utf8'),
  ),
];

type Random = ReturnType<typeof seededRandom>;

/** What happens to a paste on its way: cut, shuffled, lines twice, bytes of another kind, two pastes in one. */
const mishaps: readonly ((text: string, random: Random) => string)[] = [
  (text, random) => text.slice(below(random, text.length + 1)),
  (text, random) => text.slice(0, below(random, text.length + 1)),
  (text, random) =>
    text
      .split('\n')
      .toSorted(() => random() - 0.5)
      .join('\n'),
  (text) =>
    text
      .split('\n')
      .flatMap((line) => [line, line])
      .join('\n'),
  (text, random) =>
    text.replace(/./g, (one) =>
      random() < 0.02 ? pick(random, ['{', '"', '\u0000', '\ufffd', ':', '[', '한']) : one,
    ),
  (text, random) => text + pick(random, texts),
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replaceAll(/^/gm, '    '),
  (text) => text.replaceAll(/\s+/g, ' '),
];

describe('a bundle that something happened to', () => {
  it('is read as far as it goes, whatever happened', () => {
    const random = seededRandom(20_261_128);
    for (let round = 0; round < 400; round++) {
      const text = pick(random, mishaps)(pick(random, mishaps)(pick(random, texts), random), random);
      const { findings } = examineText('garbled.txt', text);
      expect(findings).toBeInstanceOf(Array);
    }
  });

  it('is read as far as it goes when the archive itself is garbled', async () => {
    const random = seededRandom(7);
    const whole = tarOf([{ path: 'objects/a.json', bytes: Buffer.from(texts[0] ?? '') }], new Date(0));
    for (let round = 0; round < 40; round++) {
      const bytes = Buffer.from(whole);
      for (let flips = 0; flips < 20; flips++) bytes[below(random, bytes.length)] = below(random, 256);
      const path = join(folder, `${round}.tar.gz`);
      writeFileSync(path, gzipSync(bytes.subarray(0, below(random, bytes.length + 1))));
      expect((await examineBundle(path)).findings).toBeInstanceOf(Array);
    }
  });
});

describe('secrets planted in every place that a cluster has', () => {
  let count = 0;
  const planted: string[] = [];
  const plant = (): string => {
    const secret = `s3cr3t-Zx8${count++}-Qp`;
    planted.push(secret);
    return secret;
  };
  const object = (kind: string, name: string, rest: object): SeenObject => ({
    kind,
    namespace: 'board',
    name,
    value: { apiVersion: 'v1', kind, metadata: { name, namespace: 'board', uid: name }, ...rest },
    where: `${kind} ${name}`,
    richness: 'whole',
  });
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const encoded = plant();
  const objects = [
    object('Pod', 'api-1', {
      metadata: {
        name: 'api-1',
        namespace: 'board',
        uid: '1',
        annotations: { 'example.com/api-key': plant(), note: `token=${plant()}` },
      },
      spec: {
        nodeName: 'n1',
        containers: [
          {
            name: 'api',
            image: `https://me:${plant()}@registry.example.com/api:1`,
            command: ['server', `--password=${plant()}`, '--token', plant()],
            args: [`mysql://board:${plant()}@db:3306/board`],
            env: [
              { name: 'DB_PASSWORD', value: plant() },
              { name: 'DATABASE_URL', value: `mysql://board:${plant()}@db/board` },
              { name: 'OTEL_EXPORTER_OTLP_HEADERS', value: `authorization=Bearer%20${plant()}` },
              { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: `http://me:${plant()}@maru` },
            ],
          },
        ],
      },
      status: {
        containerStatuses: [
          {
            name: 'api',
            state: {
              waiting: {
                reason: 'CreateContainerConfigError',
                message: `secret "db" not found, authorization: Bearer ${plant()}`,
              },
            },
          },
        ],
      },
    }),
    object('Event', 'e1', {
      involvedObject: { kind: 'Pod', namespace: 'board', name: 'api-1' },
      reason: 'Failed',
      message: `Failed to pull image "r.io/api:1": Get "https://me:${plant()}@r.io/v2/": unexpected status: 401 Unauthorized, Authorization: Basic ${base64(plant())}`,
    }),
    object('Secret', 'db', { data: { password: base64(encoded) }, stringData: { other: plant() } }),
    object('ConfigMap', 'settings', { data: { API_TOKEN: plant(), 'app.ini': `password = ${plant()}` } }),
    object('Process', 'api 1', {
      pid: 1,
      command: 'node',
      variables: { OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${plant()}` },
    }),
    ledgerObject(
      {
        signals: {},
        services: {},
        balanced: true,
        timeUnixNano: '1764320050000000000',
        rejections: [
          {
            timeUnixNano: '1764320049000000000',
            signal: 'traces',
            source: 'api',
            reason: 'unauthorized',
            count: '1',
            detail: `unknown key "Bearer ${plant()}"`,
          },
        ],
      },
      'ledger',
    ),
  ];
  const line = (text: string): Seen['lines'][number] => ({
    text,
    where: 'log:1',
    owner: 'api-1',
    namespace: 'board',
    container: 'api',
  });
  const seen: Seen = {
    objects,
    lines: [
      line(`Error: connect ECONNREFUSED 10.0.0.1:3306 mysql://board:${plant()}@db:3306/board`),
      line(`OTLPExporterError: Unauthorized {"authorization":"Bearer ${plant()}"}`),
      line(`login failed password=${plant()}`),
      line(`value ${encoded} is not accepted: ECONNREFUSED 10.0.0.9:80`),
      line(`Cookie: session=${plant()}; ECONNREFUSED 10.0.0.8:80`),
    ],
    gaps: [],
  };

  it('appear in no report and in no bundle', async () => {
    const made = new Date(0);
    const files = bundleOf(seen, { cluster: 'test', made });
    const path = join(folder, 'planted.tar.gz');
    writeFileSync(path, gzipSync(tarOf(files, made)));
    const raw = join(folder, 'raw.json');
    writeFileSync(raw, JSON.stringify({ kind: 'List', items: objects.map(({ value }) => value) }));
    const diagnoses = [await examineBundle(path), await examineBundle(raw)];
    const plain = (text: string): string => text;
    const paint = { good: plain, bad: plain, faint: plain, strong: plain };
    const output = [
      ...files.map(({ bytes }) => bytes.toString()),
      ...diagnoses.flatMap((one) => [
        JSON.stringify(one),
        markdownOf(one, 'ko'),
        reportLines(one, 'en', paint).join('\n'),
      ]),
    ].join('\n');
    expect(diagnoses.every(({ findings }) => findings.length > 1)).toBe(true);
    const shown = planted.filter((secret) => output.includes(secret) || output.includes(base64(secret)));
    expect(shown).toEqual([]);
  });
});
