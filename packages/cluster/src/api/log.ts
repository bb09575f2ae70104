import { type Gap, gap, refusedGap } from '../gap.ts';
import { longestLine, type SeenLine } from '../seen.ts';
import { type ApiConnection, ApiFailure } from './connection.ts';
import { statusText } from './list.ts';

/** Whose log. */
export interface LogRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Of the container's run before this one. */
  readonly isPrevious: boolean;
}

export interface LogRead {
  readonly lines: readonly SeenLine[];
  readonly gaps: readonly Gap[];
}

/** What an application says at its end stands in its last lines. */
const lastLines = '200';
const mostBytes = String(256 * 1024);

/** The last lines of a container's log. A container without a log (never started, already gone) has no lines and no gap. */
export async function readLog(connection: ApiConnection, request: LogRequest): Promise<LogRead> {
  const { namespace, pod, container, isPrevious } = request;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
  const query = {
    container,
    tailLines: lastLines,
    limitBytes: mostBytes,
    ...(isPrevious ? { previous: 'true' } : {}),
  };
  try {
    const answer = await connection.get(path, query);
    if (answer.status === 200) return { lines: linesOf(answer.body, request), gaps: [] };
    if (answer.status === 403)
      return { lines: [], gaps: [refusedGap({ verb: 'get', resource: 'pods/log', namespace })] };
    const hasNone = answer.status === 400 || answer.status === 404;
    return { lines: [], gaps: hasNone ? [] : [failedGap(request, statusText(answer))] };
  } catch (thrown) {
    if (!(thrown instanceof ApiFailure)) throw thrown;
    return { lines: [], gaps: [failedGap(request, thrown.message)] };
  }
}

function failedGap({ namespace, pod }: LogRequest, why: string): Gap {
  return gap(
    `could not read the log of ${namespace}/${pod}: ${why}`,
    `${namespace}/${pod}의 로그를 읽지 못했습니다: ${why}`,
  );
}

function linesOf(text: string, { namespace, pod, container, isPrevious }: LogRequest): readonly SeenLine[] {
  const file = `log of ${namespace}/${pod}${isPrevious ? ' (previous)' : ''}`;
  return text.split('\n').flatMap((line, index) =>
    line.trim() === ''
      ? []
      : [
          {
            text: line.replace(/\r$/, '').slice(0, longestLine),
            where: `${file}:${index + 1}`,
            owner: pod,
            namespace,
            container,
          },
        ],
  );
}
