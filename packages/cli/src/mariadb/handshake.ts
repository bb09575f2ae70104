import { connect } from 'node:net';

/** The fifth byte of a server's first packet: version 10 of the protocol, spoken since MySQL 3.21. */
const protocolVersion = 10;

/**
 * Whether a MariaDB or MySQL server greets a client on a loopback port: its first packet is a length of three bytes,
 * a sequence number, and the protocol's version. A server that still starts does not listen. Gives up after 2 s.
 */
export function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const answer = (greeted: boolean): void => {
      socket.destroy();
      resolve(greeted);
    };
    socket.setTimeout(2_000, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
    socket.once('data', (packet) => answer(packet[4] === protocolVersion));
  });
}
