import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts, maru, maruScript, startMaru, untilSaid } from '../test/maru.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'maru-cli-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('help', () => {
  it('lists every command', async () => {
    const { code, stdout } = await maru('help');
    expect(code).toBe(0);
    for (const name of ['up', 'serve', 'verify', 'test', 'check', 'bench', 'version', 'help']) {
      expect(stdout).toContain(`./maru ${name}`);
    }
  });

  it('is what a bare ./maru prints', async () => {
    expect((await maru()).stdout).toBe((await maru('help')).stdout);
  });

  it('of a command is the same asked either way', async () => {
    const { code, stdout } = await maru('help', 'up');
    expect(code).toBe(0);
    expect(stdout).toContain('--no-board');
    expect((await maru('up', '--once', '--help')).stdout).toBe(stdout);
  });
});

describe('a mistake on the command line', () => {
  it.each([
    [['upp'], 'maru: there is no command "upp"; did you mean ./maru up?\n'],
    [['xyzzy'], 'maru: there is no command "xyzzy"; see ./maru help\n'],
    [['help', 'serv'], 'maru: there is no command "serv"; did you mean ./maru serve?\n'],
    [['up', '--onse'], 'maru: maru up has no flag --onse; did you mean --once?\n'],
    [['up', '--data'], 'maru: --data of maru up needs a value: --data DIR\n'],
    [['up', '--once=yes'], 'maru: --once of maru up takes no value, but "yes" was given\n'],
    [['up', 'quickly'], 'maru: maru up takes no "quickly"; see ./maru help up\n'],
    [['up', '--port-api', '70000'], 'maru: --port-api must be a port from 1 to 65535, but is "70000"\n'],
    [['up', '--rate', 'fast'], 'maru: --rate must be a number that is not negative, but is "fast"\n'],
    [
      ['verify', '--board', 'localhost'],
      'maru: --board must be an http or https address such as http://127.0.0.1:8080, but is "localhost"\n',
    ],
    [['bench', 'ingets'], /^maru: there is no benchmark "ingets"; /],
    [['key', 'create', 'x', '--rate', '0'], 'maru: --rate must be at least 1, but is "0"\n'],
    [
      ['key', 'create', 'x', '--rate-bytes', 'lots'],
      'maru: --rate-bytes must be a size such as 5MiB, but is "lots"\n',
    ],
    [
      ['key', 'create', 'x', '--tenant', '../b'],
      'maru: --tenant takes letters, digits, - and _, at most 64, but is "../b"\n',
    ],
  ])('%j is answered with one sentence', async (args, message) => {
    const { code, stdout, stderr } = await maru(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    if (typeof message === 'string') expect(stderr).toBe(message);
    else expect(stderr).toMatch(message);
  });
});

describe('being called', () => {
  it('works through a symbolic link and from another directory', async () => {
    const link = join(dir, 'link');
    symlinkSync(maruScript, link);
    const { code, stdout } = await startMaru(['version'], { script: link, cwd: '/' }).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^maru \d+\.\d+\.\d+, node v2[4-9]\./);
  });
});

describe('a taken port', () => {
  it('is named with its holder and the flag that changes it, before anything starts', async () => {
    const holder = createServer();
    const [taken = 0, ...free] = await freePorts(3);
    await new Promise<void>((resolve) => holder.listen(taken, '127.0.0.1', resolve));
    const ports = [
      '--port-otlp-http',
      `${taken}`,
      '--port-console',
      `${free[0]}`,
      '--port-otlp-grpc',
      `${free[1]}`,
    ];
    const { code, stderr } = await maru('serve', '--data', join(dir, 'data'), ...ports);
    await new Promise((resolve) => holder.close(resolve));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(
        `^maru: port ${taken} \\(OTLP over HTTP\\) is taken by .*\\(process ${process.pid}\\): stop that, or choose another with --port-otlp-http PORT\n$`,
      ),
    );
  });

  it('asked for twice is refused', async () => {
    const { code, stderr } = await maru('serve', '--data', join(dir, 'data'), '--port-otlp-http', '3000');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'port 3000 is asked for twice, for the console and the query APIs and OTLP over HTTP',
    );
  });
});

describe('a data directory that cannot be used', () => {
  it('is named', async () => {
    const { code, stderr } = await maru('serve', '--data', join(maruScript, 'data'));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^maru: the data directory \S+\/maru\/data cannot be written to \(ENOTDIR.*\); choose another with --data DIR\n$/,
    );
  });
});

describe('verify', () => {
  it('says where the stack was looked for when it does not answer', async () => {
    const [port] = await freePorts(1);
    const { code, stderr } = await maru('verify', '--endpoint', `http://127.0.0.1:${port}`);
    expect(code).toBe(1);
    expect(stderr).toContain(`the stack cannot be asked: http://127.0.0.1:${port} could not be reached`);
    expect(stderr).toContain('--endpoint URL');
  });
});

describe('listening wider than loopback', () => {
  const serve = async (...flags: readonly string[]): Promise<readonly string[]> => {
    const [http, grpc, console] = await freePorts(3);
    const ports = [
      '--port-otlp-http',
      `${http}`,
      '--port-otlp-grpc',
      `${grpc}`,
      '--port-console',
      `${console}`,
    ];
    return ['serve', '--data', join(dir, 'wide'), ...ports, ...flags];
  };

  it('is refused without a key, before anything starts', async () => {
    const { code, stdout, stderr } = await maru(...(await serve('--host', '0.0.0.0')));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      'maru: --host 0.0.0.0 would let everybody who reaches it send, as there is no ingest key: make one with ./maru key create NAME, ask for certificates with --tls-client-ca FILE, or pass --insecure if that is meant\n',
    );
  });

  it('of the console is refused whatever keys there are', async () => {
    const { code, stderr } = await maru(...(await serve('--host-console', '0.0.0.0')));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^maru: --host-console 0\.0\.0\.0 would let everybody who reaches it read everything, /,
    );
  });

  it('with --insecure starts, and says at each start what is open', async () => {
    const flags = await serve('--host', '0.0.0.0', '--host-console', '0.0.0.0', '--insecure');
    const running = startMaru(flags, { env: { MARU_NO_INSTALL: '1' } });
    try {
      await untilSaid(running, 'console and the query APIs on 0.0.0.0 may read everything', 30_000);
      expect(running.stderr()).toContain('OTLP ports on 0.0.0.0 may send, without a key');
      const port = Number(flags[flags.indexOf('--port-otlp-http') + 1]);
      const answers = (): Promise<boolean> =>
        fetch(`http://127.0.0.1:${port}/`).then(
          ({ ok }) => ok,
          () => false,
        );
      await expect.poll(answers, { timeout: 30_000 }).toBe(true);
    } finally {
      running.process.kill('SIGTERM');
      await running.ended;
    }
  }, 60_000);
});
