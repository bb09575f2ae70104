import { type Signal, signals } from '@maru/otlp';
import { freePorts } from '@maru/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProbeReport } from '../probe/finding.ts';
import { probeLines } from '../probe/lines.ts';
import { certificateFor } from '../testing/certificate.ts';
import {
  answer,
  openBlackHole,
  type Running,
  serveAlways,
  serveGrpc,
  serveHttp,
  serveWords,
} from '../testing/servers.ts';
import { otlpCauses } from './causes.ts';
import { type OtlpTarget, withoutUser } from './target.ts';
import { walkOtlp } from './walk.ts';

const running: Running[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

async function started(starting: Promise<Running>): Promise<Running> {
  const one = await starting;
  running.push(one);
  return one;
}

function walk(url: string, changes: Partial<OtlpTarget> = {}): Promise<ProbeReport> {
  const target = { protocol: 'http/protobuf', timeoutMs: 5_000, ...changes } as const;
  return walkOtlp({ ...target, ...withoutUser(new URL(url), changes.headers ?? {}) });
}

/** Each finding's id with the step that failed, and that all before it passed. */
function named({ steps, findings, status }: ProbeReport): readonly string[] {
  expect(status).toBe(findings.length > 0 ? 'findings' : status);
  for (const { seen, fix } of findings) {
    expect(seen).not.toBe('');
    expect(fix.length).toBeGreaterThan(0);
  }
  return [...findings.map(({ id }) => id), ...steps.filter(({ ok }) => !ok).map(({ step }) => step)];
}

const accepting = (): Promise<Running> => serveAlways(200, { 'content-type': 'application/x-protobuf' });

describe('the way to a receiver', () => {
  it('passes every step of one that takes all signals', async () => {
    const { port } = await started(accepting());
    const report = await walk(`http://127.0.0.1:${port}`);
    expect(report.status).toBe('healthy');
    expect(report.steps.map(({ step }) => step)).toEqual([
      'name',
      'address',
      'TCP',
      'protocol',
      'path',
      'key',
      ...signals,
    ]);
  });

  it('a name that nobody knows', async () => {
    const report = await walk('http://no-such-host.invalid:4318');
    expect(['otlp-name-unknown', 'otlp-name-no-answer']).toContain(report.findings[0]?.id);
    expect(report.steps).toMatchObject([{ step: 'name', ok: false }]);
  });

  it('nothing listens', async () => {
    const [port] = await freePorts(1);
    const report = await walk(`http://127.0.0.1:${port}`);
    expect(named(report)).toEqual(['otlp-nothing-listens', 'TCP']);
    expect(report.findings[0]?.seen).toContain('ECONNREFUSED');
  });

  it('a black hole', async () => {
    const { port } = await started(openBlackHole());
    const report = await walk(`http://127.0.0.1:${port}`, { timeoutMs: 500 });
    expect(named(report)).toEqual(['otlp-black-hole', 'TCP']);
  });

  it('another protocol altogether', async () => {
    const { port } = await started(serveWords('220 mail ESMTP\r\n'));
    expect(named(await walk(`http://127.0.0.1:${port}`))).toEqual(['otlp-not-http', 'protocol']);
  });
});

describe('the protocol', () => {
  it('HTTP on the port of gRPC', async () => {
    const { port } = await started(serveGrpc(0));
    const report = await walk(`http://127.0.0.1:${port}`);
    expect(named(report)).toEqual(['otlp-http-on-grpc-port', 'protocol']);
    expect(report.findings[0]?.seen).toContain('Parse Error');
  });

  it('gRPC on the port of HTTP', async () => {
    const { port } = await started(accepting());
    const report = await walk(`http://127.0.0.1:${port}`, { protocol: 'grpc' });
    expect(named(report)).toEqual(['otlp-grpc-on-http-port', 'protocol']);
  });

  it('gRPC on a TLS port that has HTTP/1.1 alone', async () => {
    const certificate = certificateFor('localhost');
    const { port } = await started(serveAlways(200, {}, '', certificate));
    const report = await walk(`https://localhost:${port}`, { protocol: 'grpc', ca: certificate.cert });
    expect(report.findings[0]?.id).toMatch(/otlp-grpc-on-http-port|otlp-tls-failed/);
  });

  it('plain on TLS', async () => {
    const { port } = await started(serveAlways(200, {}, '', certificateFor('localhost')));
    expect(named(await walk(`http://localhost:${port}`))).toEqual(['otlp-plain-on-tls', 'protocol']);
    const overGrpc = await walk(`http://localhost:${port}`, { protocol: 'grpc' });
    expect(named(overGrpc)).toEqual(['otlp-plain-on-tls', 'protocol']);
  });

  it('plain on TLS as Go and nginx tell it', async () => {
    const body = 'Client sent an HTTP request to an HTTPS server.\n';
    const { port } = await started(serveAlways(400, {}, body));
    expect(named(await walk(`http://127.0.0.1:${port}`))).toEqual(['otlp-plain-on-tls', 'protocol']);
  });

  it.each([accepting, () => serveGrpc(0)])('TLS on plain', async (serve) => {
    const { port } = await started(serve());
    const report = await walk(`https://localhost:${port}`);
    expect(named(report)).toEqual(['otlp-tls-on-plain', 'TLS']);
  });

  it('gRPC over TLS passes', async () => {
    const certificate = certificateFor('localhost');
    const { port } = await started(serveGrpc(0, '', certificate));
    const report = await walk(`https://localhost:${port}`, { protocol: 'grpc', ca: certificate.cert });
    expect(report).toMatchObject({ status: 'healthy', findings: [] });
    expect(report.steps.map(({ step }) => step)).toContain('TLS');
  });

  it('a slow server', async () => {
    const { port } = await started(serveHttp(() => undefined));
    const report = await walk(`http://127.0.0.1:${port}`, { timeoutMs: 2_000 });
    expect(named(report)).toEqual(['otlp-slow', 'protocol']);
  });
});

describe('certificates', () => {
  it.each([
    ['localhost', 'expired', 'otlp-certificate-expired'],
    ['other.example', 'valid', 'otlp-certificate-name'],
    ['localhost', 'valid', 'otlp-certificate-authority'],
  ] as const)('for %s, %s: %s', async (name, dates, id) => {
    const { port } = await started(serveAlways(200, {}, '', certificateFor(name, dates)));
    expect(named(await walk(`https://localhost:${port}`))).toEqual([id, 'TLS']);
  });

  it('an authority that is given is trusted, and so is neither an old nor a foreign certificate of it', async () => {
    const [good, old, foreign] = [
      certificateFor('localhost'),
      certificateFor('localhost', 'expired'),
      certificateFor('other.example'),
    ];
    const ids = await Promise.all(
      [good, old, foreign].map(async (certificate) => {
        const { port } = await started(serveAlways(200, {}, '', certificate));
        return (await walk(`https://localhost:${port}`, { ca: certificate.cert })).findings[0]?.id;
      }),
    );
    expect(ids).toEqual([undefined, 'otlp-certificate-expired', 'otlp-certificate-name']);
  });
});

describe('what the answer says', () => {
  const page = '<!DOCTYPE html><html><body>Access denied by proxy</body></html>';
  const partial = Buffer.from([0x0a, 0x0b, 0x08, 0x01, 0x12, 0x07, ...Buffer.from('too old')]);

  it.each([
    [401, {}, '', 'otlp-key-missing', 'key'],
    [403, {}, '', 'otlp-key-forbidden', 'key'],
    [403, { 'content-type': 'text/html' }, page, 'otlp-html-page', 'protocol'],
    [200, { 'content-type': 'text/html' }, page, 'otlp-html-page', 'protocol'],
    [407, { 'content-type': 'text/html' }, page, 'otlp-html-page', 'protocol'],
    [200, { 'content-type': 'text/plain' }, 'ok', 'otlp-not-a-receiver', 'protocol'],
    [301, { location: 'https://elsewhere.example/' }, '', 'otlp-redirect', 'protocol'],
    [404, {}, 'not found', 'otlp-path-not-found', 'path'],
    [405, {}, '', 'otlp-method-not-allowed', 'path'],
    [415, {}, '', 'otlp-media-type', 'path'],
    [500, {}, '', 'otlp-server-error', 'protocol'],
    [503, {}, 'no backend', 'otlp-unavailable', 'protocol'],
    [413, {}, '', 'otlp-too-large', 'traces'],
    [429, { 'retry-after': '30' }, '', 'otlp-throttled', 'traces'],
    [400, {}, 'no org id', 'otlp-refused', 'traces'],
    [200, { 'content-type': 'application/x-protobuf' }, partial, 'otlp-partial-success', 'traces'],
  ] as const)('%s %o: %s', async (status, headers, body, id, step) => {
    const { port } = await started(serveAlways(status, headers, body));
    const report = await walk(`http://127.0.0.1:${port}`);
    expect(named(report).slice(0, 2)).toEqual([id, step]);
    expect(report.findings).toHaveLength(1);
  });

  it('partial success in JSON', async () => {
    const body = '{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}}';
    const { port } = await started(serveAlways(200, { 'content-type': 'application/json' }, body));
    const { findings } = await walk(`http://127.0.0.1:${port}`, { protocol: 'http/json' });
    expect(findings).toMatchObject([
      { id: 'otlp-partial-success', title: { en: expect.stringContaining('3') } },
    ]);
  });

  it.each([
    [16, 'otlp-key-missing'],
    [7, 'otlp-key-forbidden'],
    [8, 'otlp-throttled'],
    [12, 'otlp-path-not-found'],
    [14, 'otlp-unavailable'],
  ] as const)('gRPC status %s: %s', async (status, id) => {
    const { port } = await started(serveGrpc(status, 'said so'));
    const { findings } = await walk(`http://127.0.0.1:${port}`, { protocol: 'grpc' });
    expect(findings).toMatchObject([{ id, seen: `grpc-status ${status}: said so` }]);
  });

  it('tells a key that is wrong from one that is missing, and never shows it', async () => {
    const { port } = await started(
      serveHttp((request, response) => {
        request.resume();
        answer(response, 401, {}, `unknown key in "${request.headers.authorization}"`);
      }),
    );
    const secret = 's3cr3t-of-mine';
    const headers = { authorization: `Bearer ${secret}` };
    const reports = await Promise.all([
      walk(`http://127.0.0.1:${port}`, { headers }),
      walk(`http://someone:${secret}@127.0.0.1:${port}`),
    ]);
    for (const report of reports) {
      expect(named(report)).toEqual(['otlp-key-wrong', 'key']);
      expect(JSON.stringify(report)).not.toContain(secret);
      expect(JSON.stringify(report)).not.toContain(Buffer.from(`someone:${secret}`).toString('base64'));
    }
  });
});

describe('paths', () => {
  const servedBelow = (base: string): Promise<Running> =>
    serveHttp((request, response) => {
      request.resume();
      const isServed = signals.some((signal) => request.url === `${base}/v1/${signal}`);
      answer(response, isServed ? 200 : 404);
    });

  it('doubled', async () => {
    const { port } = await started(servedBelow(''));
    const report = await walk(`http://127.0.0.1:${port}/v1/traces`);
    expect(named(report)).toEqual(['otlp-path-doubled', 'path']);
    expect(report.findings[0]?.seen).toContain('/v1/traces/v1/traces');
    expect(report.findings[0]?.fix.at(-1)?.run).toBe(
      `export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${port}`,
    );
  });

  it('missing, and found where such servers have it', async () => {
    const { port } = await started(servedBelow('/api/v1/otlp'));
    const report = await walk(`http://127.0.0.1:${port}`);
    expect(named(report)).toEqual(['otlp-path-missing', 'path']);
    expect(report.findings[0]?.title.en).toContain(`http://127.0.0.1:${port}/api/v1/otlp`);
  });

  it('a signal that is not served where others are', async () => {
    const { port } = await started(
      serveHttp((request, response) => {
        request.resume();
        answer(response, request.url === '/v1/metrics' ? 200 : 404);
      }),
    );
    const report = await walk(`http://127.0.0.1:${port}`);
    expect(named(report)).toEqual(['otlp-signal-not-served', 'otlp-signal-not-served', 'traces', 'logs']);
  });
});

describe('reading back', () => {
  const empty: Readonly<Record<Signal, string>> = {
    traces: '{"trace":{}}',
    metrics: '{"data":{"result":[]}}',
    logs: '{"data":{"result":[]}}',
  };

  it('accepted and not found again', async () => {
    const { port } = await started(accepting());
    const query = await started(serveAlways(200, { 'content-type': 'application/json' }, empty.metrics));
    const report = await walk(`http://127.0.0.1:${port}`, {
      query: new URL(`http://127.0.0.1:${query.port}`),
      timeoutMs: 2_000,
    });
    expect(named(report)).toEqual(['otlp-not-found-again', 'read back']);
  });

  it('a query address that does not answer is no finding, but not healthy either', async () => {
    const { port } = await started(accepting());
    const query = await started(serveAlways(200, { 'content-type': 'text/html' }, '<html>console</html>'));
    const report = await walk(`http://127.0.0.1:${port}`, {
      query: new URL(`http://127.0.0.1:${query.port}`),
      timeoutMs: 2_000,
    });
    expect(report).toMatchObject({ status: 'could-not-look', findings: [] });
  });
});

describe('the table of causes', () => {
  it('has both languages and a mend for each', () => {
    for (const { title, fix } of Object.values(otlpCauses)) {
      expect(title.en).not.toBe('');
      expect(title.ko).toMatch(/[가-힣]/);
      expect(fix.length).toBeGreaterThan(0);
    }
  });

  it('prints one line a step, and nothing that steers a terminal', async () => {
    const { port } = await started(serveAlways(503, {}, 'gone \u001b[31mred\r\nnext'));
    const plain = (text: string): string => text;
    const paint = { good: plain, bad: plain, faint: plain, strong: plain };
    const lines = probeLines(await walk(`http://127.0.0.1:${port}`), 'ko', paint);
    expect(lines.slice(0, 4).map((line) => line.slice(0, 1))).toEqual(['✔', '✔', '✔', '✖']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f]/);
  });
});
