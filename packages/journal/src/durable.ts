import { type FileHandle, open } from 'node:fs/promises';

/**
 * Makes what was written to a file durable. The word of `fdatasync` alone is not enough on ext4: when the file system finds
 * an error meanwhile and gives up the transaction with the file's new size, a sync that comes to wait for it a moment later
 * finds no such transaction, takes it for done, and succeeds (seen on Linux 6.18, in one of 60 disks that turned
 * read-only under load). Such a file system refuses every change from then on, so a change of the file's times is tried
 * afterwards: it fails whenever the sync may have lied, costs some 20 µs beside the 400 of a sync, and writes nothing by itself.
 */
export async function syncWritten(handle: FileHandle): Promise<void> {
  await handle.datasync();
  const now = new Date();
  await handle.utimes(now, now);
}

/** Makes names in a directory durable: a rename or a new file survives a crash only after this. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a file's content durable, whoever wrote it. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
