import { context, SpanStatusCode, trace } from '@opentelemetry/api';

/** Starts a request as part of the action: what `start` sends before its first `await` belongs to it. */
export type Within = <Result>(start: () => Promise<Result>) => Promise<Result>;

/**
 * Runs something the user did as a span, such as `log in`, whose requests become its children.
 *
 * Browsers cannot carry a context over `await` (that would take zone.js, which patches every API of the page), so
 * the work starts each request through `within`.
 */
export async function asAction<Result>(
  name: string,
  work: (within: Within) => Promise<Result>,
): Promise<Result> {
  const span = trace
    .getTracer('board-web')
    .startSpan(name, { attributes: { 'url.path': location.pathname } });
  const parent = trace.setSpan(context.active(), span);
  try {
    return await work((start) => context.with(parent, start));
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown');
    throw error;
  } finally {
    span.end();
  }
}
