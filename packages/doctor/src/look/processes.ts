import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeenObject } from '@maru/cluster';
import { planOf } from '../settings.ts';

/** A process of this machine whose environment can be read. */
export interface SeenProcess {
  readonly pid: number;
  /** Its program and first argument, as far as they name it. */
  readonly command: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** The environment of one process; undefined when it is gone, is another user's, or this system has no `/proc`. */
export async function readProcess(pid: number, proc = '/proc'): Promise<SeenProcess | undefined> {
  try {
    const [environment, line] = await Promise.all(
      ['environ', 'cmdline'].map((name) => readFile(join(proc, String(pid), name), 'utf8')),
    );
    const command = (line ?? '').split('\0').slice(0, 2).join(' ').trim();
    return { pid, command, variables: variablesOf(environment ?? '') };
  } catch {
    return undefined;
  }
}

/** Zero bytes between them, as the kernel keeps what the program was started with; later changes are not seen. */
function variablesOf(environment: string): Readonly<Record<string, string>> {
  const pairs = environment.split('\0').filter((text) => text.indexOf('=') > 0);
  return Object.fromEntries(
    pairs.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
  );
}

/**
 * The processes of this user on this machine that were told where to send telemetry, as objects of the kind Process named
 * by their service. Empty where there is no `/proc`.
 */
export async function lookAtProcesses(proc = '/proc'): Promise<readonly SeenObject[]> {
  const names = await readdir(proc).catch((): string[] => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const own = await readlink(join(proc, 'self')).catch(() => String(process.pid));
  const seen = await Promise.all(
    pids.filter((pid) => String(pid) !== own).map((pid) => readProcess(pid, proc)),
  );
  return seen
    .filter((one) => one !== undefined)
    .filter(sendsTelemetry)
    .map(processObject);
}

function sendsTelemetry({ variables }: SeenProcess): boolean {
  return Object.keys(variables).some(
    (name) => name.startsWith('OTEL_EXPORTER_OTLP_') || name === 'OTEL_SERVICE_NAME',
  );
}

/** Only the settings of telemetry are kept of an environment. */
function processObject({ pid, command, variables }: SeenProcess): SeenObject {
  const telemetry = Object.fromEntries(
    Object.entries(variables).filter(([name]) => name.startsWith('OTEL_')),
  );
  const name = planOf(variables).serviceName;
  const value = { kind: 'Process', metadata: { name, uid: String(pid) }, pid, command, variables: telemetry };
  const where = `process ${pid} (${command})`;
  return { kind: 'Process', namespace: '', name: `${name} ${pid}`, value, where, richness: 'whole' };
}
