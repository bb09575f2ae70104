import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, connect, type PeerCertificate } from 'node:tls';
import { errorText } from '../probe/exchange.ts';
import { hostOf, type OtlpTarget, portOf } from './target.ts';
import type { Verdict } from './verdict.ts';
import { speaksPlain } from './wrong-door.ts';

/** What a handshake showed of the server, whether it is to be trusted or not. */
interface Handshake {
  readonly certificate: PeerCertificate;
  /** OpenSSL's code; undefined: trusted. */
  readonly problem: string | undefined;
  readonly protocol: string;
  /** `h2`, `http/1.1`, or undefined when the server chose none. */
  readonly alpn: string | undefined;
}

/** Shakes hands as an exporter would and judges the certificate. */
export async function handshake(target: OtlpTarget): Promise<{ readonly seen: string } | Verdict> {
  try {
    const shaken = await shake(target);
    return judge(shaken, target) ?? { seen: `${shaken.protocol}, certificate for ${subjectOf(shaken)}` };
  } catch (thrown) {
    const isPlain = await speaksPlain(target);
    return { id: isPlain ? 'otlp-tls-on-plain' : 'otlp-tls-failed', seen: errorText(thrown) };
  }
}

function shake({ base, ca, protocol, timeoutMs }: OtlpTarget): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      {
        ...tlsAddress(base),
        ALPNProtocols: protocol === 'grpc' ? ['h2'] : ['http/1.1'],
        rejectUnauthorized: false,
        ...(ca === undefined ? {} : { ca }),
      },
      () => {
        const { authorized, authorizationError, alpnProtocol } = socket;
        resolve({
          certificate: socket.getPeerCertificate(),
          problem: authorized ? undefined : String(authorizationError),
          protocol: socket.getProtocol() ?? 'TLS',
          alpn: alpnProtocol || undefined,
        });
        socket.destroy();
      },
    );
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no TLS answer within ${timeoutMs} ms`)));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed during the TLS handshake')));
  });
}

/** Where to connect; an address is no name for SNI (RFC 6066, section 3). */
function tlsAddress(base: URL): ConnectionOptions {
  const host = hostOf(base);
  return { host, port: portOf(base), ...(isIP(host) ? {} : { servername: host }) };
}

/** The date first: whoever issued an expired certificate, a new one is needed. Then the name, then the authority. */
function judge(shaken: Handshake, { base, protocol }: OtlpTarget): Verdict | undefined {
  const { certificate, problem, alpn } = shaken;
  const values = { from: certificate.valid_from, until: certificate.valid_to, host: hostOf(base) };
  const seen = `${problem ?? 'trusted'}: certificate for ${subjectOf(shaken)}, valid ${values.from} to ${values.until}`;
  if (Date.parse(values.until) < Date.now()) return { id: 'otlp-certificate-expired', seen, values };
  if (Date.parse(values.from) > Date.now()) return { id: 'otlp-certificate-not-yet-valid', seen, values };
  const mismatch = checkServerIdentity(values.host, certificate);
  if (mismatch !== undefined) return { id: 'otlp-certificate-name', seen: mismatch.message, values };
  if (problem !== undefined) return { id: 'otlp-certificate-authority', seen, values };
  const speaksHttp2 = protocol !== 'grpc' || alpn === 'h2';
  return speaksHttp2
    ? undefined
    : { id: 'otlp-grpc-on-http-port', seen: 'the server did not choose h2 (ALPN)' };
}

function subjectOf({ certificate }: Handshake): string {
  return certificate.subjectaltname ?? certificate.subject?.CN?.toString() ?? 'no name';
}
