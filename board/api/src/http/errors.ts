import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { PasswordQueueFull } from '../accounts/passwords.ts';
import { DatabaseUnavailable } from '../database/errors.ts';
import { currentTraceId } from '../telemetry/spans.ts';
import { chooseLanguage, type TextKey, textFor } from './texts.ts';

/** An answer other than success that a handler chose: its status and the text the user sees. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly text: TextKey;

  constructor(status: number, text: TextKey) {
    super(text);
    this.status = status;
    this.text = text;
  }
}

/** The body of every error answer. `trace_id` stands on 5xx answers, for the user to pass on. */
export interface ErrorBody {
  readonly status: 'error';
  readonly message: string;
  readonly trace_id?: string;
  /** Which field of the input is wrong, and how, in the validator's English. */
  readonly detail?: string;
}

interface Answer {
  readonly status: number;
  readonly text: TextKey;
  readonly retryAfterSeconds?: number;
  readonly detail?: string;
}

/** Answers an error: the one table from what is thrown to what is sent. */
export function sendError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const answer = answerTo(error);
  if (answer.status >= 500) recordFailure(error, request);
  if (answer.retryAfterSeconds !== undefined) reply.header('retry-after', answer.retryAfterSeconds);
  reply.code(answer.status).send(bodyOf(answer, request));
}

/** Answers a path that no route has. */
export function sendNotFound(request: FastifyRequest, reply: FastifyReply): void {
  reply.code(404).send(bodyOf({ status: 404, text: 'notFound' }, request));
}

function answerTo(error: FastifyError): Answer {
  if (error instanceof Refusal) return { status: error.status, text: error.text };
  if (error instanceof DatabaseUnavailable)
    return { status: 503, text: 'databaseAway', retryAfterSeconds: 2 };
  if (error instanceof PasswordQueueFull) return { status: 503, text: 'busy', retryAfterSeconds: 2 };
  if (error.validation) return { status: 400, text: 'invalid', detail: error.message };
  if (error.statusCode === 413) return { status: 413, text: 'tooLarge' };
  if (error.statusCode === 415) return { status: 415, text: 'unsupportedType' };
  if (error.statusCode !== undefined && error.statusCode < 500)
    return { status: error.statusCode, text: 'invalid' };
  return { status: 500, text: 'internal' };
}

function bodyOf(answer: Answer, request: FastifyRequest): ErrorBody {
  const traceId = answer.status >= 500 ? currentTraceId() : undefined;
  return {
    status: 'error',
    message: textFor(answer.text, chooseLanguage(request.headers['accept-language'])),
    ...(answer.detail === undefined ? {} : { detail: answer.detail }),
    ...(traceId === undefined ? {} : { trace_id: traceId }),
  };
}

/** Errors of the database hold values in their text; only their name and code go into telemetry. */
function recordFailure(error: FastifyError, request: FastifyRequest): void {
  const unavailable = error instanceof DatabaseUnavailable;
  const type = unavailable ? error.name : error.code || error.name;
  trace.getActiveSpan()?.setAttribute('error.type', type);
  trace.getActiveSpan()?.setStatus({ code: SpanStatusCode.ERROR, message: type });
  const fields = { 'error.type': type, ...(unavailable ? { reason: error.reason } : {}) };
  if (unavailable) request.log.warn(fields, 'request refused: database unavailable');
  else request.log.error({ ...fields, 'exception.stacktrace': frames(error) }, 'request failed');
}

/** The stack without its first line, which is the message. */
function frames(error: Error): string {
  return (error.stack ?? '').split('\n').slice(1, 12).join('\n');
}
