import fastifyOtel from '@fastify/otel';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { MySQL2Instrumentation } from '@opentelemetry/instrumentation-mysql2';
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { startNodeSdk } from '@opentelemetry/sdk-node';
import { register } from 'import-in-the-middle/register-hooks.mjs';
import { serviceName, serviceVersion } from '../version.ts';
import { type Destination, describeDestinations } from './destinations.ts';
import { reportProblemsInOneLine } from './diagnostics.ts';
import { openPipelines, type TelemetryRoute } from './pipelines.ts';

/** The running telemetry of this process. */
export interface Telemetry {
  /** Where each signal goes, for the lines printed at start. */
  readonly destinations: readonly Destination[];
  /** Where exports go now; the two telemetry faults change it. */
  readonly route: TelemetryRoute;
  /** Sends what is waiting. Resolves after `timeoutMillis` at the latest, whether or not all was sent. */
  flush(timeoutMillis: number): Promise<void>;
  /** Sends what is waiting and stops, within `timeoutMillis`. */
  shutdown(timeoutMillis: number): Promise<void>;
}

/**
 * Starts traces, metrics and logs as the standard `OTEL_*` variables say. Must run before anything imports
 * mysql2, pino, Fastify or node:http.
 */
export function startTelemetry(environment: NodeJS.ProcessEnv): Telemetry {
  // In-thread module hooks: without them the instrumentations would never see an ECMAScript import.
  register({ include: ['pino', 'mysql2', 'mysql2/promise', 'http', 'https', 'node:http', 'node:https'] });
  const pipelines = openPipelines(environment);
  const sdk = startNodeSdk({
    ...pipelines.options,
    baseResource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': serviceName, 'service.version': serviceVersion }),
    ),
    instrumentations: instrumentations(),
  });
  reportProblemsInOneLine(environment);
  return {
    destinations: describeDestinations(environment, serviceName),
    route: pipelines.route,
    flush: (timeoutMillis) => within(timeoutMillis, pipelines.flush()),
    // The SDK's own shutdown ends with the first signal that is refused, and the process would end before the others are sent.
    shutdown: (timeoutMillis) =>
      within(
        timeoutMillis,
        pipelines.flush().then(() => sdk.shutdown()),
      ),
  };
}

function instrumentations() {
  return [
    new HttpInstrumentation({
      // Probes come every few seconds for ever; their spans would bury the users'.
      ignoreIncomingRequestHook: (request) => isProbe(request.url ?? ''),
      // What people search for is theirs.
      redactedQueryParamsServer: ['q'],
    }),
    new fastifyOtel.FastifyOtelInstrumentation({
      registerOnInitialization: true,
      ignorePaths: ({ url }) => isProbe(url),
      // The hooks are our own short functions; a span each would be noise.
      instrumentHooks: false,
      // It records the whole request target there; the convention says the path alone.
      requestHook: (span, request) => span.setAttribute('url.path', pathOf(request.url)),
    }),
    new MySQL2Instrumentation({ maskStatement: true }),
    new PinoInstrumentation(),
    new RuntimeNodeInstrumentation(),
  ];
}

function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? target;
}

function isProbe(target: string): boolean {
  const path = pathOf(target);
  return path === '/healthz' || path === '/readyz';
}

/** Waits for `work`, but never longer than `timeoutMillis` and never fails: telemetry must not hold the service up. */
async function within(timeoutMillis: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMillis);
  });
  await Promise.race([work.catch(() => undefined), timeout]);
  clearTimeout(timer);
}
