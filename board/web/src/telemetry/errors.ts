import { logs, SeverityNumber } from '@opentelemetry/api';

const longestText = 4_000;
/** A page in a loop of errors must not flood its backend. */
const mostPerPage = 50;

/** Sends uncaught errors and rejections of this page as log records, at most 50 a page. */
export function reportErrors(): void {
  let sent = 0;
  const report = (error: unknown, source: string): void => {
    sent += 1;
    if (sent <= mostPerPage) reportError(error, source);
  };
  addEventListener('error', (event) => report(event.error ?? event.message, 'error'));
  addEventListener('unhandledrejection', (event) => report(event.reason, 'unhandledrejection'));
}

/** Sends one error as a log record, named by the semantic conventions for exceptions. */
export function reportError(error: unknown, source: string): void {
  const known = error instanceof Error ? error : new Error(String(error));
  logs.getLogger('board-web').emit({
    severityNumber: SeverityNumber.ERROR,
    severityText: 'ERROR',
    eventName: 'browser.error',
    body: known.message.slice(0, longestText),
    attributes: {
      'exception.type': known.name,
      'exception.message': known.message.slice(0, longestText),
      'exception.stacktrace': (known.stack ?? '').slice(0, longestText),
      'browser.error.source': source,
      'url.path': location.pathname,
    },
  });
}
