import { createServer, type Server } from 'node:tls';

/** What a door shows and asks for, each as the text of a PEM file. */
export interface TlsMaterial {
  /** The server's certificate, followed by those that lead to its authority. */
  readonly cert: string;
  readonly key: string;
  /** Authorities of clients. When given, a client without a certificate of one of them gets no connection. */
  readonly clientCa?: string;
}

/** TLS on a door. */
export interface DoorTls extends TlsMaterial {
  /** Told of each handshake that failed. */
  readonly handshakeFailed: (error: Error) => void;
}

const handshakeTimeoutMs = 10_000;

/** A server that listens nowhere: connections are given to it, and come back as `secureConnection`. */
export function createTlsServer({ handshakeFailed, ...material }: DoorTls): Server {
  const server = createServer({
    ...secureContextOptions(material),
    ...clientCertificateOptions(material),
    ALPNProtocols: ['h2', 'http/1.1'],
    handshakeTimeout: handshakeTimeoutMs,
  });
  server.on('tlsClientError', handshakeFailed);
  return server;
}

/** As Node's TLS takes it, at the start and for `setSecureContext`. */
export function secureContextOptions({ cert, key, clientCa }: TlsMaterial): {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
} {
  return { cert, key, ...(clientCa === undefined ? {} : { ca: clientCa }) };
}

/** Whether clients are asked for a certificate; fixed for a server's life. */
export function clientCertificateOptions({ clientCa }: TlsMaterial): {
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
} {
  const asked = clientCa !== undefined;
  return { requestCert: asked, rejectUnauthorized: asked };
}
