import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, maruScript, type Running, startMaru, until } from '../test/maru.ts';

/** A checkout with the real `./maru`, a CLI that prints its arguments, and an npm that notes its calls. */
let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'maru-install-'));
  mkdirSync(join(checkout, 'packages/cli/src'), { recursive: true });
  mkdirSync(join(checkout, 'bin'));
  copyFileSync(maruScript, join(checkout, 'maru'));
  writeFileSync(
    join(checkout, 'packages/cli/src/main.ts'),
    'console.log(JSON.stringify([process.cwd(), ...process.argv.slice(2)]));',
  );
  writeFileSync(join(checkout, 'package-lock.json'), '{"first":true}');
  npmDoes('mkdir -p node_modules');
});

afterEach(() => rmSync(checkout, { recursive: true, force: true }));

function npmDoes(script: string): void {
  const npm = join(checkout, 'bin/npm');
  writeFileSync(npm, `#!/bin/sh\nprintf '%s\\n' "$*" >>'${join(checkout, 'calls')}'\n${script}\n`);
  chmodSync(npm, 0o755);
}

function start(...args: readonly string[]): Running {
  // The Node that runs the tests is 24 or newer, so none is installed.
  const path = `${join(checkout, 'bin')}:${dirname(process.execPath)}:/usr/bin:/bin`;
  return startMaru(args, {
    script: join(checkout, 'maru'),
    cwd: '/',
    env: { PATH: path, MARU_NO_INSTALL: '' },
  });
}

const run = (...args: readonly string[]): Promise<Ended> => start(...args).ended;

function npmCalls(): readonly string[] {
  const file = join(checkout, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

describe('./maru on a checkout', () => {
  it('installs once, keeps standard output for the command, and leaves the caller’s directory alone', async () => {
    const first = await run('up', '--data', 'a b');
    expect(first).toMatchObject({ code: 0, stdout: '["/","up","--data","a b"]\n' });
    expect(first.stderr).toContain('Installing packages (npm ci)');
    expect((await run('version')).stderr).toBe('');
    expect(npmCalls()).toEqual(['ci --no-audit --no-fund']);
  });

  it('installs again when the lock file changed', async () => {
    await run();
    writeFileSync(join(checkout, 'package-lock.json'), '{"second":true}');
    await run();
    expect(npmCalls()).toHaveLength(2);
  });

  it('shows npm’s words when it fails, and tries again next time', async () => {
    npmDoes('mkdir -p node_modules; echo "npm error ENOSPC"; exit 7');
    const failed = await run();
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('npm error ENOSPC');
    expect(failed.stderr).toContain('Installing packages (npm ci) failed (exit code 7)');
    npmDoes('mkdir -p node_modules');
    expect((await run()).code).toBe(0);
  });

  it('installs again after an interruption', async () => {
    npmDoes(`mkdir -p node_modules; touch '${checkout}/begun'; exec sleep 30`);
    const interrupted = start();
    await until('npm has begun', () => existsSync(join(checkout, 'begun')), 30_000);
    interrupted.process.kill('SIGKILL');
    npmDoes('mkdir -p node_modules');
    // The lock of the killed one is still there, with the number of a process that is not.
    expect((await run()).code).toBe(0);
    expect(npmCalls()).toHaveLength(2);
    expect(existsSync(join(checkout, '.maru/install.lock'))).toBe(false);
  });

  it('installs once when called twice at the same time', async () => {
    npmDoes('sleep 0.5; mkdir -p node_modules');
    const both = await Promise.all([run('one'), run('two')]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(npmCalls()).toHaveLength(1);
  });

  it('installs Node where the machine’s is too old, in a folder of its own and not in the checkout', async () => {
    // An npm that does as npm does: it goes up to the nearest package.json, and unpacks the program there.
    npmDoes(`
      case $1 in ci) mkdir -p node_modules; exit ;; esac
      while [ ! -e package.json ]; do cd ..; done
      bin=node_modules/$(echo "$*" | sed 's/.* //; s/@.*//')/bin
      mkdir -p "$bin" && ln -s '${process.execPath}' "$bin/node"`);
    writeFileSync(join(checkout, 'package.json'), '{}');
    const old = join(checkout, 'bin/node');
    writeFileSync(old, '#!/bin/sh\necho v20.20.2\n');
    chmodSync(old, 0o755);
    const { code, stderr } = await run('version');
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('Installing Node 24 under .maru');
    expect(npmCalls().map((call) => call.split(' ')[0])).toEqual(['install', 'ci']);
    expect((await run('version')).stderr).toBe('');
  });

  it('says what is missing when npm is', async () => {
    rmSync(join(checkout, 'bin/npm'));
    for (const tool of ['sh', 'dirname', 'readlink', 'cmp', 'node']) linkTool(tool);
    const { code, stderr } = await startMaru([], {
      script: join(checkout, 'maru'),
      env: { PATH: join(checkout, 'bin'), MARU_NO_INSTALL: '' },
    }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^maru: npm was not found in PATH; install Node 20 or newer with npm/);
  });
});

/** Puts one of the machine's programs into the checkout's `bin`, for a PATH that holds nothing else. */
function linkTool(name: string): void {
  const dirs = [dirname(process.execPath), '/usr/bin', '/bin'];
  const real = dirs.map((dir) => join(dir, name)).find((path) => existsSync(path));
  if (real === undefined) throw new Error(`this machine has no ${name}`);
  symlinkSync(real, join(checkout, 'bin', name));
}
