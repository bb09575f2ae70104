import { gap, ledgerObject, type Seen } from '@maru/cluster';
import { type Answer, errorText, exchange } from '../probe/exchange.ts';

/** Where a stack's query APIs are. */
export interface StackPlace {
  /** `http://127.0.0.1:3000`. */
  readonly url: URL;
  /** In milliseconds. */
  readonly timeoutMs: number;
  /** PEM of the authority of its certificate. */
  readonly ca?: string;
  /** Such as the key that reads, where the stack asks for one. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The ledger of a running stack, with how far its clock is from ours. Undefined when nothing listens there. Never rejects. */
export async function lookAtStack(place: StackPlace): Promise<Seen | undefined> {
  const url = new URL('/api/ledger', place.url);
  const asked = Date.now();
  try {
    const { status, body } = await ask(place, url);
    if (status !== 200) return onlyGap(url, `HTTP ${status}`);
    const ledger: unknown = JSON.parse(body.toString('utf8'));
    // The middle of the request is when the stack read its clock, as nearly as can be told from here.
    const observedUnixMillis = (asked + Date.now()) / 2;
    const value =
      typeof ledger === 'object' && ledger !== null
        ? { ...ledger, observedUnixMillis, doubled: await doubledOf(place) }
        : {};
    return ledgerSeen(value, `ledger of ${place.url.host}`);
  } catch (thrown) {
    const text = errorText(thrown);
    return text.includes('ECONNREFUSED') ? undefined : onlyGap(url, text);
  }
}

function ask({ timeoutMs, ca, headers: own }: StackPlace, url: URL): Promise<Answer> {
  const headers = { ...own, accept: 'application/json' };
  return exchange({ method: 'GET', url, headers, timeoutMs, ...(ca === undefined ? {} : { ca }) });
}

/** Services whose spans came twice; none where the stack is older than the question. */
async function doubledOf(place: StackPlace): Promise<unknown> {
  try {
    const { status, body } = await ask(place, new URL('/api/maru/doubled', place.url));
    return status === 200 ? JSON.parse(body.toString('utf8')) : undefined;
  } catch {
    return undefined;
  }
}

/** A ledger that is at hand, as something seen. */
export function ledgerSeen(ledger: unknown, where: string): Seen {
  return { objects: [ledgerObject(ledger, where)], lines: [], gaps: [] };
}

function onlyGap({ host }: URL, why: string): Seen {
  const said = gap(
    `could not read the ledger of the stack at ${host}: ${why}`,
    `${host} 스택의 원장을 읽지 못했습니다: ${why}`,
  );
  return { objects: [], lines: [], gaps: [said] };
}
