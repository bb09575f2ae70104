import { readFileSync } from 'node:fs';

/** The version of this checkout, as the root manifest says. */
export function maruVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  return manifest.version;
}
