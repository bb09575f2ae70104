import { IntakeLink, intakeSocketPath, type Retried } from '../link/index.ts';
import type { LetterId } from './letters.ts';

/**
 * Asks the running intake to put a dead letter back into the journal. Rejects with one sentence when none runs on the
 * directory: two processes must not write one journal.
 */
export async function retryDeadLetter(dataDir: string, id: LetterId): Promise<Retried> {
  const link = new IntakeLink(intakeSocketPath(dataDir));
  try {
    return await link.retry(id);
  } finally {
    link.close();
  }
}
