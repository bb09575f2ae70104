import { type FileHandle, open } from 'node:fs/promises';

/**
 * Rejects when the file system gives nothing up to the disk any more, though a sync said so. The word of a sync alone is not
 * enough on ext4: when the file system finds an error meanwhile and gives up the transaction with the file's new size, a
 * sync that comes to wait for it a moment later finds no such transaction, takes it for done, and succeeds (seen on Linux
 * 6.18, in one of 60 disks that turned read-only under load). Such a file system refuses every change from then on, so a
 * change of the file's times is tried after the sync: it fails whenever that may have lied, costs some 20 µs beside 400,
 * and writes nothing by itself.
 */
export async function confirmSync(handle: FileHandle): Promise<void> {
  const now = new Date();
  await handle.utimes(now, now);
}

/** Makes what was written to a file durable. */
export async function syncWritten(handle: FileHandle): Promise<void> {
  await handle.datasync();
  await confirmSync(handle);
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
