import { promises as dns, type LookupAddress } from 'node:dns';
import { connect, isIP } from 'node:net';
import { errorCode, errorText } from '../probe/exchange.ts';
import { hostOf, isTls, type OtlpTarget, portOf } from './target.ts';
import { handshake } from './tls.ts';
import type { OtlpStep, Verdict } from './verdict.ts';

/** The steps that passed, and what stopped the walk. */
export interface Walked {
  readonly passed: readonly { readonly step: OtlpStep; readonly seen: string }[];
  readonly verdict?: Verdict;
}

/** Walks name, address, TCP and TLS. */
export async function reach(target: OtlpTarget): Promise<Walked> {
  const host = hostOf(target.base);
  const found = await resolveName(host, target.timeoutMs);
  if (!Array.isArray(found)) return { passed: [], verdict: found };
  const listed = found.map(({ address }) => address).join(', ');
  const named = { step: 'name', seen: isIP(host) ? `${host} is an address` : `${host} is known` } as const;
  const open = await openAny(found, target);
  if ('id' in open) {
    const isRouted = open.id !== 'otlp-no-route';
    const passed = isRouted ? [named, { step: 'address', seen: listed } as const] : [named];
    return { passed, verdict: open };
  }
  const passed: Walked['passed'] = [
    named,
    { step: 'address', seen: listed },
    { step: 'TCP', seen: `${open.address} port ${portOf(target.base)} is open` },
  ];
  return isTls(target.base) ? secured(target, passed) : { passed };
}

async function secured(target: OtlpTarget, passed: Walked['passed']): Promise<Walked> {
  const result = await handshake(target);
  if ('id' in result) return { passed, verdict: result };
  return { passed: [...passed, { step: 'TLS', seen: result.seen }] };
}

/** By the system's resolver, as an SDK does: /etc/hosts and the search domains of a pod count. */
async function resolveName(host: string, timeoutMs: number): Promise<LookupAddress[] | Verdict> {
  try {
    return await inTime(dns.lookup(host, { all: true }), timeoutMs);
  } catch (thrown) {
    const isUnknown = ['ENOTFOUND', 'ENODATA', 'ENONAME'].includes(errorCode(thrown));
    const id = isUnknown ? 'otlp-name-unknown' : 'otlp-name-no-answer';
    return { id, seen: errorText(thrown) };
  }
}

function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Tries all addresses at once; the first that opens is taken, as SDKs do (Happy Eyeballs). */
async function openAny(
  addresses: readonly LookupAddress[],
  { base, timeoutMs }: OtlpTarget,
): Promise<LookupAddress | Verdict> {
  const port = portOf(base);
  try {
    return await Promise.any(addresses.map((address) => open(address, port, timeoutMs)));
  } catch (thrown) {
    const errors: readonly unknown[] = thrown instanceof AggregateError ? thrown.errors : [thrown];
    return { id: connectCause(errors.map(errorCode)), seen: errors.map(errorText).join('; ') };
  }
}

/** Of several addresses the most telling: one that refuses proves that the way to it is open. */
function connectCause(codes: readonly string[]): Verdict['id'] {
  if (codes.includes('ECONNREFUSED')) return 'otlp-nothing-listens';
  return codes.some((code) => code === 'ETIMEDOUT') ? 'otlp-black-hole' : 'otlp-no-route';
}

function open(address: LookupAddress, port: number, timeoutMs: number): Promise<LookupAddress> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address.address, port, family: address.family });
    socket.setTimeout(timeoutMs, () => socket.destroy(new ConnectTimeout(address.address, port, timeoutMs)));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve(address);
    });
  });
}

/** In the words of the system's own, which comes after two minutes only. */
class ConnectTimeout extends Error {
  override readonly name = 'ConnectTimeout';
  readonly code = 'ETIMEDOUT';

  constructor(host: string, port: number, timeoutMs: number) {
    super(`connect ETIMEDOUT ${host}:${port} (nothing came back within ${timeoutMs} ms)`);
  }
}
