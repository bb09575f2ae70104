import { isIPv4 } from 'node:net';

/** What the ledger remembers of a client: the class of its address and never the address itself. */
export function addressClass(address: string | undefined): 'loopback' | 'private' | 'public' | 'unknown' {
  if (address === undefined) return 'unknown';
  const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  return isIPv4(plain) ? ipv4Class(plain) : ipv6Class(plain.toLowerCase());
}

function ipv4Class(address: string): 'loopback' | 'private' | 'public' {
  const [first = 0, second = 0] = address.split('.').map(Number);
  if (first === 127) return 'loopback';
  const shared = first === 100 && second >= 64 && second < 128;
  const inner =
    first === 10 || (first === 172 && second >= 16 && second < 32) || (first === 192 && second === 168);
  return inner || shared || (first === 169 && second === 254) ? 'private' : 'public';
}

function ipv6Class(address: string): 'loopback' | 'private' | 'public' {
  if (address === '::1') return 'loopback';
  return /^f[cd]|^fe[89ab]/.test(address) ? 'private' : 'public';
}
