/**
 * Runs one of the stack's processes: starts it, tells the parent that it is ready, and ends it on SIGTERM, on Ctrl-C and
 * when the parent is gone. An error at start is one sentence and exit code 1.
 */
export async function runProcess(name: string, start: () => Promise<() => Promise<void>>): Promise<void> {
  process.title = `maru-${name}`;
  const ended = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('disconnect', resolve);
    // The terminal sends Ctrl-C to the whole group; the parent ends its children in order.
    process.on('SIGINT', () => process.connected || resolve());
  });
  try {
    const stop = await start();
    process.send?.({ ready: true });
    await ended;
    await stop();
    process.exit(0);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}
