import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the stand-in builds. */
export interface Standing {
  /** The platforms that bake plans for each target. */
  readonly planned: readonly string[];
  /** Those that it really pushes: a builder may be wrong. */
  readonly pushed: readonly string[];
}

/** A folder with a `docker` in it, to stand first in the search path. */
export class StandInDocker {
  readonly dir: string = mkdtempSync(join(tmpdir(), 'maru-docker-'));

  constructor(standing: Standing) {
    const program = fileURLToPath(new URL('stand-in-buildx.ts', import.meta.url));
    const text = `#!/bin/sh\nSTANDING='${JSON.stringify(standing)}' exec '${process.execPath}' '${program}' "$@"\n`;
    writeFileSync(join(this.dir, 'docker'), text);
    chmodSync(join(this.dir, 'docker'), 0o755);
  }

  close(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
