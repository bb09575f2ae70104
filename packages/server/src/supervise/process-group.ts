/**
 * Sends a signal to a child's whole process group, so that what the child started goes with it. True when there was
 * somebody to receive it.
 *
 * @param pid the group's leader; every child is started as one
 */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}
