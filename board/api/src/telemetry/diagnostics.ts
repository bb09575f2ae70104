import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';

const repeatAfterMillis = 60_000;

/**
 * Makes the SDK's own complaints one line each on standard error, the same one at most once a minute: an endpoint
 * that is away fails with every batch, and a stack trace every half second helps nobody.
 *
 * `OTEL_LOG_LEVEL` keeps the SDK's full output instead.
 */
export function reportProblemsInOneLine(environment: NodeJS.ProcessEnv): void {
  if (environment.OTEL_LOG_LEVEL || environment.OTEL_SDK_DISABLED === 'true') return;
  diag.setLogger(oneLineLogger(), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}

function oneLineLogger(): DiagLogger {
  const lastReported = new Map<string, number>();
  const report = (...parts: unknown[]): void => {
    const line = parts.map(describe).join(' ').slice(0, 300);
    const now = Date.now();
    if (now - (lastReported.get(line) ?? 0) < repeatAfterMillis) return;
    if (lastReported.size > 100) lastReported.clear();
    lastReported.set(line, now);
    console.error(`board-api: telemetry: ${line}`);
  };
  const silent = (): void => undefined;
  return { error: report, warn: report, info: silent, debug: silent, verbose: silent };
}

/** The SDK reports exporter errors as JSON text that holds a stack; only its message is of use to an operator. */
function describe(part: unknown): string {
  if (part instanceof Error) return part.message || part.name;
  const text = typeof part === 'string' ? part : (JSON.stringify(part) ?? String(part));
  if (!text.startsWith('{')) return firstLine(text);
  return firstLine(messageIn(text) ?? text);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function messageIn(json: string): string | undefined {
  try {
    const fields: Record<string, unknown> = JSON.parse(json);
    const message = fields.message || fields.code || fields.name;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
