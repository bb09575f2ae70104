import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { RunningStack } from '@maru/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import {
  expectStoredOnce,
  itemsPerRequest,
  type NumberedSender,
  numberedSenders,
  settled,
} from './support/numbered.ts';
import { eventually } from './support/query.ts';

// The whole stack on a disk that fails it while it runs. A disk of its own needs a mount, which needs root on Linux; one that
// turns read-only needs ext4 on a loop device, which is told to find an error.
const workDir = mkdtempSync(join(tmpdir(), 'maru-disk-e2e-'));

function may(program: string, ...parameters: readonly string[]): boolean {
  try {
    execFileSync(program, parameters, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function mountMemory(directory: string, mebibytes: number): boolean {
  return may('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', directory);
}

/** An ext4 in a file; gives the name of its loop device. */
function mountExt4(directory: string, image: string): string | undefined {
  if (!may('mount', '-o', 'loop,errors=remount-ro', image, directory)) return undefined;
  const device = execFileSync('findmnt', ['-n', '-o', 'SOURCE', directory]).toString().trim();
  return existsSync(errorTrigger(basename(device))) ? basename(device) : undefined;
}

function errorTrigger(device: string): string {
  return `/sys/fs/ext4/${device}/trigger_fs_error`;
}

const probe = mkdtempSync(join(workDir, 'probe-'));
const mayMount = mountMemory(probe, 1);
if (mayMount) may('umount', probe);

/** Takes all that is free; gives the file to remove. */
function fill(directory: string): string {
  const path = join(directory, 'filler');
  const file = openSync(path, 'w');
  for (const size of [1024 * 1024, 4096]) while (mayWrite(file, Buffer.alloc(size)));
  closeSync(file);
  return path;
}

function mayWrite(file: number, bytes: Buffer): boolean {
  try {
    return writeSync(file, bytes) === bytes.length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}

/** Waits until requests are answered with a status, more of them than before. */
async function untilAnswered(senders: readonly NumberedSender[], status: number): Promise<void> {
  const before = senders.map(({ statuses }) => statuses.get(status) ?? 0);
  await eventually(
    `answers with status ${status}`,
    async () =>
      senders.every(({ statuses }, index) => (statuses.get(status) ?? 0) > (before[index] ?? 0) + 5) ||
      undefined,
  );
}

describe.skipIf(!mayMount)('the whole stack on a disk', () => {
  let stack: RunningStack | undefined;
  const mounted: string[] = [];
  afterEach(async () => {
    await stack?.stop().catch(() => undefined);
    stack = undefined;
    for (const directory of mounted.splice(0)) may('umount', '-l', directory);
    rmSync(workDir, { recursive: true, force: true });
  });

  function directory(): string {
    const made = mkdtempSync(join(tmpdir(), 'maru-disk-e2e-'));
    mounted.push(made);
    return made;
  }

  test('that is full, twice: refuses with 503, recovers alone, and every acknowledged item is stored once', async () => {
    const dataDir = directory();
    expect(mountMemory(dataDir, 1500)).toBe(true);
    stack = await RunningStack.start({ dataDir });
    const senders = numberedSenders(stack);
    const all = Object.values(senders);
    for (let round = 0; round < 2; round += 1) {
      await untilAnswered(all, 200);
      // Full to the last byte, under the engine's hands too.
      const filler = fill(dataDir);
      await untilAnswered(all, 503);
      rmSync(filler);
    }
    await untilAnswered(all, 200);
    for (const sender of all) await sender.stop();
    const ledger = await settled(stack);
    expect(ledger.balanced).toBe(true);
    expect(Object.values(ledger.signals).map(({ dead }) => dead)).toEqual(['0', '0', '0']);
    for (const { statuses } of all) expect([...statuses.keys()].toSorted()).toEqual([200, 503]);
    await expectStoredOnce(stack, senders, 10 * itemsPerRequest);
  });

  test('that turns read-only: refuses with 503, and all that was acknowledged is there when it is mounted again', async (context) => {
    const dataDir = directory();
    const image = join(mkdtempSync(join(tmpdir(), 'maru-image-')), 'disk.img');
    writeFileSync(image, '');
    truncateSync(image, 2 * 1024 ** 3);
    if (!may('mkfs.ext4', '-q', '-F', image)) return context.skip('mkfs.ext4 is not here');
    const device = mountExt4(dataDir, image);
    if (device === undefined) return context.skip('no ext4 on a loop device can be had here');
    stack = await RunningStack.start({ dataDir });
    const senders = numberedSenders(stack);
    const all = Object.values(senders);
    await untilAnswered(all, 200);
    writeFileSync(errorTrigger(device), '1');
    await untilAnswered(all, 503);
    for (const sender of all) await sender.stop();
    await Promise.all([stack.kill('intake'), stack.kill('engine')]);
    execFileSync('umount', [dataDir]);
    may('e2fsck', '-f', '-p', image);
    expect(mountExt4(dataDir, image)).toBeDefined();
    await stack.restart();
    expect((await settled(stack)).balanced).toBe(true);
    for (const { statuses } of all) expect([...statuses.keys()].toSorted()).toEqual([200, 503]);
    await expectStoredOnce(stack, senders, 5 * itemsPerRequest);
    rmSync(image);
  });
});
