import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repository } from './repository.ts';

const unit = readFileSync(`${repository}/deploy/systemd/maru.service`, 'utf8');
const canVerify = spawnSync('systemd-analyze', ['--version'], { stdio: 'ignore' }).status === 0;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'maru-unit-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The unit with what stands here in place of what stands on a server. */
function unitHere(text: string = unit): string {
  const path = join(dir, 'maru.service');
  writeFileSync(path, text.replaceAll('/usr/bin/node', process.execPath).replaceAll('/opt/maru', repository));
  return path;
}

function verify(text?: string): string {
  const { stderr, status } = spawnSync('systemd-analyze', ['verify', '--man=no', unitHere(text)], {
    encoding: 'utf8',
  });
  const ours = stderr.split('\n').filter((line) => line.includes('maru.service'));
  return [...ours, ...(status === 0 ? [] : [`exit code ${status}`])].join('\n');
}

it('starts a program that exists, and keeps data where systemd makes the directory', () => {
  const program = /^ExecStart=.* \/opt\/maru\/(\S+\.ts) serve --data (\S+)$/m.exec(unit);
  expect(existsSync(`${repository}/${program?.[1]}`)).toBe(true);
  expect(program?.[2]).toBe(`/var/lib/${/^StateDirectory=(\w+)$/m.exec(unit)?.[1]}`);
});

describe.skipIf(!canVerify)('for systemd (needs systemd-analyze)', () => {
  it('the unit is right, and a wrong one is not', () => {
    expect(verify()).toBe('');
    expect(verify(unit.replace('PrivateTmp=', 'PrivateTemp='))).toContain('PrivateTemp');
  });

  // The score is systemd's, from 0 (nothing is exposed) to 10.
  it('exposes at most 3 of 10', () => {
    const args = ['security', '--offline=true', '--no-pager', '--threshold=30', unitHere()];
    expect(execFileSync('systemd-analyze', args, { encoding: 'utf8', stdio: 'pipe' })).toContain('OK');
  });
});
