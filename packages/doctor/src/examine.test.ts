import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { examineBundle, examineText } from './examine.ts';
import { readIncidents } from './testing/incidents.ts';

const recordings = join(import.meta.dirname, '../testdata/recordings');

/** Pods of a real Kubernetes 1.20 with containerd 1.6, each made to fail on purpose; every one has old sandbox noise. */
describe('the recordings of a real cluster', () => {
  it('keeps what pods do after their start apart from the trouble of their node', async () => {
    const texts = ['nodes.json', 'plat-idx.events.json', 'plat-idx.pod.json'].map((file) =>
      readFileSync(join(recordings, file), 'utf8'),
    );
    const { findings } = examineText('paste.txt', texts.join('\n'));
    const platform = findings.find(({ id }) => id === 'image-platform');
    expect(platform?.follows.map(({ id }) => id)).toEqual(['image-pull-failed']);
    expect(findings.map(({ id }) => id)).not.toContain('node-not-ready');
  });

  it('rules the CPU out for a pod that has a node', async () => {
    const { findings } = await examineBundle(join(recordings, 'plat-idx.describe.txt'));
    expect(findings[0]?.ruledOut.map(({ name }) => name.en)).toContain('CPU or memory of the nodes');
  });
});

it('reads every recording and incident cut off anywhere without failing', () => {
  const texts = [
    ...['plat-idx.pod.json', 'live.events.json', 'oom.describe.txt', 'pvc.json'].map((file) =>
      readFileSync(join(recordings, file), 'utf8'),
    ),
    ...[...Map.groupBy(readIncidents(), ({ file }) => file).values()].map((ofFile) =>
      ofFile.map(({ text }) => text).join('\n'),
    ),
  ];
  for (const text of texts) {
    for (let part = 1; part < 5; part++) {
      const end = Math.floor((text.length * part) / 5);
      expect(examineText('cut.txt', text.slice(0, end)).findings).toBeInstanceOf(Array);
      expect(examineText('cut.txt', text.slice(end)).findings).toBeInstanceOf(Array);
    }
  }
});

it('tells apart nothing wrong and nothing to look at', () => {
  expect(examineText('empty.txt', '').status).toBe('could-not-look');
  expect(examineText('log.txt', 'Server listening at http://0.0.0.0:5000').status).toBe('healthy');
});

it('never prints a secret, wherever it stands', () => {
  const secret = 'hunter2-Zx81';
  const encoded = Buffer.from(secret).toString('base64');
  const places = [
    `DB_PASSWORD=${secret}`,
    `Error: connect ECONNREFUSED 10.0.0.1:3306 mysql://board:${secret}@db:3306/board`,
    `OTEL_EXPORTER_OTLP_ENDPOINT=maru:4318`,
    `OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer ${secret}"`,
    `OTLPExporterError: Unauthorized authorization: Bearer ${secret}`,
    `{"level":50,"msg":"OTLPExporterError: Not Found","password":"${secret}"}`,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'db-login', namespace: 'board', uid: '1' },
      data: { password: encoded },
    }),
    `Error: secret value ${secret} is required: environment variable DATABASE_URL is required`,
  ];
  const diagnosis = examineText('paste.txt', places.join('\n'));
  expect(diagnosis.findings.length).toBeGreaterThan(2);
  expect(JSON.stringify(diagnosis)).not.toContain(secret);
  expect(JSON.stringify(diagnosis)).not.toContain(encoded);
});

it('gives the same answer for evidence in another order', () => {
  const texts = readIncidents()
    .filter(({ title }) => title.startsWith('scheduling'))
    .map(({ text }) => text);
  const forth = examineText('a.txt', texts.join('\n')).findings.map(({ id, about }) => `${id} ${about}`);
  const back = examineText('a.txt', texts.toReversed().join('\n')).findings.map(
    ({ id, about }) => `${id} ${about}`,
  );
  expect(back.toSorted()).toEqual(forth.toSorted());
});
