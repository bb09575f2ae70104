import { createServer } from 'node:http';
import { freePorts } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doctor } from '../../test/doctor.ts';

/** Takes telemetry only with both headers, as a receiver with tenants does. */
const receiver = createServer((request, response) => {
  request.resume();
  const { authorization, 'x-scope-orgid': tenant } = request.headers;
  response.writeHead(authorization === 'Bearer k3y-of-mine' && tenant === 'team=a' ? 200 : 401).end();
});

describe('the probes of maru doctor', () => {
  let url = '';
  beforeAll(async () => {
    const [port] = await freePorts(1);
    url = `http://127.0.0.1:${port}`;
    await new Promise<void>((resolve) => receiver.listen(port, '127.0.0.1', resolve));
  });
  afterAll(() => {
    receiver.close();
    receiver.closeAllConnections();
  });

  it('take a header as often as it is given, and end with 0 when all is well', async () => {
    const headers = ['--header', 'Authorization=Bearer k3y-of-mine', '--header', 'x-scope-orgid=team=a'];
    const { code, output } = await doctor('otlp', url, ...headers);
    expect(output).toMatch(/✔ logs +accepted/);
    expect(code).toBe(0);
  });

  it('end with 1 and the cause, in the language that was asked for, and show no key', async () => {
    const { code, output } = await doctor(
      'otlp',
      url,
      '--header=authorization=Bearer other-k3y',
      '--lang',
      'ko',
    );
    expect(output).toContain('[otlp-key-wrong]');
    expect(output).toContain('보낸 키를 수신기가 알지 못합니다');
    expect(output).not.toContain('other-k3y');
    expect(code).toBe(1);
  });

  it('answer an image in JSON', async () => {
    const [port] = await freePorts(1);
    const { code, output } = await doctor('image', `127.0.0.1:${port}/app:1`, '--for', 'amd64', '--json');
    expect(JSON.parse(output)).toMatchObject({
      status: 'findings',
      platforms: [],
      findings: [{ id: 'image-registry-unreachable' }],
    });
    expect(code).toBe(1);
  });

  it.each([
    [['otlp']],
    [['otlp', 'ftp://127.0.0.1']],
    [['otlp', 'http://127.0.0.1', '--header', 's3cr3t-without-a-name']],
    [['otlp', 'http://127.0.0.1', '--protocol', 'udp']],
    [['otlp', 'http://127.0.0.1', '--within', '0']],
    [['otlp', 'http://127.0.0.1', '--ca', '/no/such/file.pem']],
    [['image']],
    [['image', 'a b']],
    [['image', 'app', '--for', 'a/b/c/d']],
  ])('%o ends with 2 and one sentence', async (words) => {
    const { code, output } = await doctor(...words);
    expect(code).toBe(2);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).not.toContain('s3cr3t');
  });
});
