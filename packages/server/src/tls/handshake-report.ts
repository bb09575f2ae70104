const quietMs = 60_000;

/**
 * Tells of failed handshakes without letting strangers fill the log: the first at once, then at most one line a minute
 * with how many there were.
 */
export function handshakeReport(
  say: (sentence: string) => void,
  now: () => number = () => performance.now(),
): (error: Error) => void {
  let quietUntil = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  return (error) => {
    unsaid += 1;
    if (now() < quietUntil) return;
    const times = unsaid === 1 ? '' : ` (${unsaid} times since the last such line)`;
    say(`a client could not be given a TLS connection: ${reasonOf(error)}${times}`);
    quietUntil = now() + quietMs;
    unsaid = 0;
  };
}

/** What clients of our own kind do wrong, in words; for the rest, what OpenSSL calls it. */
const reasons: Readonly<Record<string, string>> = {
  ERR_SSL_HTTP_REQUEST: 'it spoke plain HTTP; the port takes https:// alone',
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'it showed no certificate, which --tls-client-ca demands',
  ERR_TLS_HANDSHAKE_TIMEOUT: 'it did not finish in time',
  ECONNRESET: 'it hung up',
};

function reasonOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  return (
    reasons[code] ??
    (code.startsWith('ERR_SSL_') ? code.slice(8).toLowerCase().replaceAll('_', ' ') : error.message)
  );
}
