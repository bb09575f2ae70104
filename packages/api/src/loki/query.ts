import { evaluate, instant, type LogQL, parse, selectLines, stepsOf } from '@maru/logql';
import type { Reader } from '@maru/store';
import { type Answer, writtenJson } from '../http/answer.ts';
import { RequestError } from '../http/failure.ts';
import type { Handle, RequestContext } from '../http/router.ts';
import { lokiDirection, lokiInterval, lokiLimit, lokiRange, lokiStep, lokiTime } from './parameters.ts';
import { instantData, matrixData } from './write-series.ts';
import { categorizeLabels, streamsData } from './write-streams.ts';

/** A successful answer around Loki's `data`. */
export function success(data: string): Answer {
  return writtenJson(`{"status":"success","data":${data}}`);
}

/** `query_range`: lines, or a number at each step. */
export function queryRange(reader: Reader): Handle {
  return async (context) => {
    const text = context.parameters.require('query');
    const expression = parse(text);
    return expression.kind === 'log'
      ? lines(reader, text, expression, context)
      : matrix(reader, text, expression, context);
  };
}

async function lines(
  reader: Reader,
  text: string,
  log: LogQL.LogExpression,
  { parameters, headers, signal }: RequestContext,
): Promise<Answer> {
  const limits = {
    direction: lokiDirection(parameters),
    limit: lokiLimit(parameters),
    intervalNanos: lokiInterval(parameters),
    range: lokiRange(parameters),
  };
  const found = await selectLines(log, limits, { reader, text, options: { signal } });
  const flags = `${headers['x-loki-response-encoding-flags'] ?? ''}`.split(',').map((flag) => flag.trim());
  return success(streamsData(found, flags.includes(categorizeLabels)));
}

async function matrix(
  reader: Reader,
  text: string,
  expression: LogQL.MetricExpression,
  { parameters, signal }: RequestContext,
): Promise<Answer> {
  const range = lokiRange(parameters);
  const steps = stepsOf(range.startUnixNano, range.endUnixNano, lokiStep(parameters, range));
  return success(matrixData(await evaluate(expression, steps, { reader, text, options: { signal } }), steps));
}

/** `query`: a number at one time. Lines need a range. */
export function queryInstant(reader: Reader): Handle {
  return async ({ parameters, signal }) => {
    const text = parameters.require('query');
    const unixNano = lokiTime(parameters, 'time') ?? BigInt(Date.now()) * 1_000_000n;
    const expression = parse(text);
    if (expression.kind === 'log') {
      throw new RequestError(
        'bad_request',
        'log queries are not supported as an instant query type, please change your query to a range query type',
      );
    }
    return success(
      instantData(
        await evaluate(expression, instant(unixNano), { reader, text, options: { signal } }),
        unixNano,
      ),
    );
  };
}
