import { createServer } from 'node:net';
import { UserError } from '../user-error.ts';
import { holderOf } from './holder.ts';

/** A port that a part of us is going to listen on. */
export interface PortClaim {
  readonly port: number;
  readonly host: string;
  /** Who needs it: `the Board's API`. */
  readonly what: string;
  /** The flag that changes it: `--port-api`. */
  readonly flag: string;
}

/**
 * Checks that every port is free, and that no two claims are for the same. Throws one `UserError` naming each port
 * that is not, who holds it, and the flag that chooses another.
 */
export async function checkPorts(claims: readonly PortClaim[]): Promise<void> {
  const problems = (await Promise.all(claims.map((claim) => problemWith(claim, claims)))).filter(
    (text) => text !== undefined,
  );
  if (problems.length > 0) throw new UserError(problems.join('\n      '));
}

async function problemWith(claim: PortClaim, all: readonly PortClaim[]): Promise<string | undefined> {
  const { port, host, what, flag } = claim;
  const twin = all.find((other) => other !== claim && other.port === port);
  if (twin !== undefined)
    return `port ${port} is asked for twice, for ${what} and ${twin.what}: choose another with ${flag} PORT`;
  const code = await listenErrorCode(port, host);
  if (code === undefined) return undefined;
  if (code === 'EACCES')
    return `port ${port} (${what}) may not be used by this user: choose one above 1023 with ${flag} PORT`;
  if (code !== 'EADDRINUSE')
    return `port ${port} (${what}) cannot be listened on at ${host} (${code}): choose another address to listen on, or ${flag} PORT`;
  return `port ${port} (${what}) is taken by ${holderOf(port) ?? 'another process'}: stop that, or choose another with ${flag} PORT`;
}

/** Why nobody can listen there, as the system's error code; undefined when one can. */
function listenErrorCode(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
