import type { LogFound } from './finding.ts';
import { getJson } from './http.ts';
import { type Look, type Polled, poll } from './poll.ts';
import type { ProbeRequest, Target } from './target.ts';

/** What is read of Loki's `GET /loki/api/v1/query_range` for streams. */
interface StreamsAnswer {
  readonly data?: { readonly result?: readonly { readonly values?: readonly unknown[] }[] };
}

/** The body of the record that the Board's API writes when its administrator logs in. */
export const loginMessage = '관리자 로그인 성공';
/** How far the clocks of the Board and of this machine may be apart, in milliseconds. */
const clockSlackMs = 60_000;

/** Looks for the record of this login: its text and the trace's id. */
export async function findLog(target: Target, probe: ProbeRequest): Promise<Polled<LogFound>> {
  const { traceId } = probe;
  return poll(probe.sentAt, target.deadlineMs, async (): Promise<Look<LogFound>> => {
    const records = await countRecords(target, probe);
    return records > 0
      ? { value: { traceId, records } }
      : { instead: `no record of board-api with "${loginMessage}" and trace id ${traceId}` };
  });
}

async function countRecords({ stack }: Target, { traceId, sentUnixMs }: ProbeRequest): Promise<number> {
  const answer = await getJson<StreamsAnswer>(
    `${stack.loki}/loki/api/v1/query_range`,
    {
      query: `{service_name="board-api"} |= "${loginMessage}" | trace_id="${traceId}"`,
      start: unixNanoseconds(sentUnixMs - clockSlackMs),
      end: unixNanoseconds(Date.now() + clockSlackMs),
      limit: '10',
    },
    stack.headers,
  );
  return (answer.data?.result ?? []).reduce((sum, { values = [] }) => sum + values.length, 0);
}

function unixNanoseconds(unixMs: number): string {
  return `${Math.round(unixMs)}000000`;
}
