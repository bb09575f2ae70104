import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { writtenOnce } from './written-once.ts';

/** The secret with which the stack's own telemetry passes its own doors, under `<dataDir>/run`. */
export function ownKey(dataDir: string): Promise<string> {
  return writtenOnce(join(dataDir, 'run', 'own.key'), () => randomBytes(32).toString('base64url'));
}
