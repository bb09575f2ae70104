/**
 * Run inside of a host: `ask.ts connect ADDRESS:PORT…` tries connections side by side; `ask.ts fetch URL JSON` makes one request
 * with the given method, headers and body. The answer is one line of JSON.
 */
import { connect } from 'node:net';

/** What became of a connection. `dropped`: no answer within a second, as a filter has it. */
export type Outcome = 'connected' | 'refused' | 'dropped';

const patienceMs = 1_000;

function tryConnection(target: string): Promise<Outcome> {
  const [host = '', port] = target.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: patienceMs });
    const end = (outcome: Outcome): void => {
      socket.destroy();
      resolve(outcome);
    };
    socket.once('connect', () => end('connected'));
    socket.once('timeout', () => end('dropped'));
    // nftables' drop at the sender itself shows as EPERM.
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ECONNREFUSED' ? 'refused' : 'dropped'),
    );
  });
}

const [what, ...rest] = process.argv.slice(2);
if (what === 'connect') console.log(JSON.stringify(await Promise.all(rest.map(tryConnection))));
else {
  const answer = await fetch(rest[0] ?? '', JSON.parse(rest[1] ?? '{}'));
  console.log(JSON.stringify({ status: answer.status, text: await answer.text() }));
}
