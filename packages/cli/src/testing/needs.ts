import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hasApt, installWithApt } from '../mariadb/apt.ts';
import { obtain, waysHere } from '../mariadb/index.ts';
import type { Progress } from '../terminal/progress.ts';
import { messageOf, UserError } from '../user-error.ts';

/** Where the tests find what they need, as environment variables. */
export type TestEnvironment = Readonly<Record<string, string>>;

const chromiumNames = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
/** Any one of these holds Hangul; without one, screenshots show boxes. */
const koreanFonts = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/truetype/nanum',
];

/** Programs that tests call by name; Debian's packages are called the same. */
const programs = ['openssl', 'prometheus', 'prometheus-node-exporter'];

/**
 * Programs by the package of Debian's that brings them. Tests that call one are skipped where it is missing, so it is
 * installed where that can be done and asked of nobody.
 */
const helpful: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  nft: 'nftables',
  kubectl: 'kubernetes-client',
  'docker-registry': 'docker-registry',
  skopeo: 'skopeo',
  buildah: 'buildah',
  debootstrap: 'debootstrap',
  'prometheus-alertmanager': 'prometheus-alertmanager',
};

/**
 * Finds or installs what the tests need beyond npm packages: a MariaDB server, a few programs, and for tests in a
 * browser Chromium and a font with Hangul. Throws a `UserError` with the exact instruction for what cannot be had.
 */
export async function meetNeeds(progress: Progress, withBrowser: boolean): Promise<TestEnvironment> {
  const mariadb = await progress.run('MariaDB for the tests', (tell) => obtain(waysHere(), tell));
  await meetPrograms(progress);
  await meetHelpful(progress);
  if (!withBrowser) return { MARIADBD: mariadb.mariadbd };
  const chromium =
    findChromium() ?? (await progress.run('Installing Chromium for the tests', installChromium));
  return { MARIADBD: mariadb.mariadbd, CHROMIUM: chromium };
}

async function meetHelpful(progress: Progress): Promise<void> {
  const missing = Object.keys(helpful).filter(isMissing);
  const packages = missing.map((program) => helpful[program] ?? program);
  if (missing.length === 0 || !hasApt() || process.getuid?.() !== 0) return;
  await progress.run(`Installing ${packages.join(', ')} for the tests`, (tell) =>
    installWithApt(packages).catch((thrown: unknown) =>
      tell(`tests that need ${missing.join(', ')} are skipped: ${messageOf(thrown)}`),
    ),
  );
}

function isMissing(program: string): boolean {
  return !placesOf(program).some((path) => existsSync(path));
}

async function meetPrograms(progress: Progress): Promise<void> {
  const missing = programs.filter(isMissing);
  if (missing.length === 0) return;
  const names = missing.join(', ');
  const advice = `the tests need ${names}; install it (Debian and Ubuntu: sudo apt-get install ${missing.join(' ')})`;
  if (!hasApt() || process.getuid?.() !== 0) throw new UserError(advice);
  await progress.run(`Installing ${names} for the tests`, () =>
    installWithApt(missing).catch((thrown: unknown) => {
      throw new UserError(`${advice}: ${messageOf(thrown)}`);
    }),
  );
}

/** `CHROMIUM` names one that stands elsewhere. */
function findChromium(): string | undefined {
  const named = process.env.CHROMIUM;
  return [...(named ? [named] : []), ...chromiumNames.flatMap(placesOf)].find((path) => existsSync(path));
}

/** Where a program would stand in the search path. */
function placesOf(program: string): readonly string[] {
  const dirs = (process.env.PATH ?? '').split(delimiter).filter((dir) => dir !== '');
  return dirs.map((dir) => join(dir, program));
}

async function installChromium(): Promise<string> {
  if (!hasApt() || process.getuid?.() !== 0) throw chromiumIsMissing('it was not found in PATH');
  const fonts = koreanFonts.some((path) => existsSync(path)) ? [] : ['fonts-noto-cjk'];
  await installWithApt(['chromium', ...fonts]).catch((thrown: unknown) => {
    throw chromiumIsMissing(messageOf(thrown));
  });
  const installed = findChromium();
  if (installed === undefined) throw chromiumIsMissing('apt-get installed it, but it is not in PATH');
  return installed;
}

function chromiumIsMissing(why: string): UserError {
  return new UserError(
    `the tests in a browser need Chromium (${why}); install it (Debian: sudo apt-get install chromium fonts-noto-cjk; Ubuntu: Google's package google-chrome-stable), or set CHROMIUM to the path of one, or run the other tests with ./maru test packages board`,
  );
}
