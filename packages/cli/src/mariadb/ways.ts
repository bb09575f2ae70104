import { join } from 'node:path';
import { maruDir } from '../paths.ts';
import { hasApt, installedPackages, installWithApt } from './apt.ts';
import { findOnMachine, type Installation } from './installation.ts';
import type { Ways } from './obtain.ts';
import { findUnpacked, unpackServer } from './unpack.ts';

/** Where Maru unpacks a MariaDB server of its own. */
const mariadbDir = join(maruDir, 'mariadb');

/** The ways to a MariaDB server on this machine. */
export function waysHere(): Ways {
  return {
    onMachine: findOnMachine,
    unpacked: () => findUnpacked(mariadbDir),
    unpack: hasApt() ? unpack : undefined,
    install: hasApt() && process.getuid?.() === 0 ? install : undefined,
  };
}

async function unpack(tell: (detail: string) => void): Promise<Installation> {
  const installed = await installedPackages();
  const place = { stateDir: join(maruDir, 'apt'), isInstalled: (name: string) => installed.has(name) };
  return unpackServer(mariadbDir, place, tell);
}

async function install(tell: (detail: string) => void): Promise<void> {
  tell('installing mariadb-server-core');
  await installWithApt(['mariadb-server-core']);
}
