import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeApiServer } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doctor } from '../../test/doctor.ts';

const secret = 'hunter2-Zx81';
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'maru-env-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('maru doctor env', () => {
  it('reads a command line and runs nothing of it', async () => {
    const made = join(folder, 'made');
    const { code, output } = await doctor(
      'env',
      '--',
      'OTEL_SERVICE_NAME=board-api',
      'OTEL_EXPORTER_OTLP_ENDPOINT=http://maru:4318',
      'touch',
      made,
    );
    expect(output).toContain('service  board-api');
    expect(output).toContain('http://maru:4318/v1/traces');
    expect(code).toBe(0);
    expect((await doctor('--bundle', made)).output).toContain('ENOENT');
  });

  it('reads the files that a command line names, below what stands in front of it', async () => {
    const file = join(folder, '.env');
    writeFileSync(file, 'OTEL_SERVICE_NAME=from-file\nOTEL_TRACES_EXPORTER=oltp\n');
    const { code, output } = await doctor(
      'env',
      '--',
      'OTEL_SERVICE_NAME=typed',
      'node',
      `--env-file=${file}`,
      'app.js',
    );
    expect(output).toContain('service  typed');
    expect(output).toContain('telemetry-exporter-unknown');
    expect(code).toBe(1);
  });

  it('tells what a running process was started with, and no key', async () => {
    const env = {
      PATH: process.env.PATH,
      OTEL_SERVICE_NAME: 'sleeper',
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${secret}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://maru:4318',
    };
    const child = spawn('sleep', ['60'], { env });
    try {
      const { output } = await doctor('env', '--pid', String(child.pid));
      expect(output).toContain('service  sleeper');
      expect(output).toContain('headers: authorization');
      expect(output).not.toContain(secret);
    } finally {
      child.kill();
    }
  });

  it.each([
    [['--pid', '999999999'], /cannot read the environment of process 999999999/],
    [['--pid', 'x'], /cannot read the environment of process x/],
    [['--file', '/no/such'], /cannot read \/no\/such/],
    [['--file', 'a', '--pid', '1'], /looks at one thing/],
  ])('%o ends with 2 and one sentence', async (flags, sentence) => {
    const { code, output } = await doctor('env', ...flags);
    expect(output).toMatch(sentence);
    expect(code).toBe(2);
  });
});

describe('maru doctor env --deployment', () => {
  const meta = (name: string): object => ({ name, namespace: 'board', uid: name });
  const objects = [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: meta('telemetry'),
      data: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://maru-otlp.maru:4318', OTEL_SERVICE_NAME: 'from-map' },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: meta('telemetry-key'),
      data: { header: Buffer.from(secret).toString('base64') },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: meta('board-api'),
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: 'api',
                envFrom: [{ configMapRef: { name: 'telemetry' } }],
                env: [
                  { name: 'OTEL_SERVICE_NAME', value: 'board-api' },
                  {
                    name: 'OTEL_EXPORTER_OTLP_HEADERS',
                    valueFrom: { secretKeyRef: { name: 'telemetry-key', key: 'header' } },
                  },
                  {
                    name: 'OTEL_TRACES_SAMPLER',
                    valueFrom: { configMapKeyRef: { name: 'telemetry', key: 'SAMPLER' } },
                  },
                ],
              },
            ],
          },
        },
      },
    },
  ];

  it('fills its ConfigMaps in, tells what is missing and what is replaced, and never reads a Secret', async () => {
    const server = await FakeApiServer.start({ objects });
    try {
      const { code, output } = await doctor(
        'env',
        '--deployment',
        'board-api',
        '--kubeconfig',
        server.kubeconfig,
      );
      expect(output).toContain('service  board-api');
      expect(output).toContain('http://maru-otlp.maru:4318/v1/traces');
      expect(output).toContain('from     OTEL_EXPORTER_OTLP_ENDPOINT: ConfigMap telemetry');
      expect(output).toContain('from     OTEL_EXPORTER_OTLP_HEADERS: Secret telemetry-key');
      expect(output).toContain('missing  key SAMPLER of ConfigMap telemetry');
      expect(output).toContain('replaced OTEL_SERVICE_NAME of ConfigMap telemetry by env');
      expect(output).not.toContain(secret);
      expect(server.requests.filter((one) => one.includes('/secrets'))).toEqual([]);
      expect(code).toBe(1);
    } finally {
      await server.close();
    }
  });

  it('names a workload that is not there', async () => {
    const server = await FakeApiServer.start({ objects });
    try {
      const { code, output } = await doctor('env', '--deployment', 'gone', '--kubeconfig', server.kubeconfig);
      expect(output).toContain('there is no Deployment, StatefulSet or DaemonSet gone in namespace board');
      expect(code).toBe(2);
    } finally {
      await server.close();
    }
  });
});
