import { type Counter, metrics } from '@opentelemetry/api';

const meter = metrics.getMeter('board');

/** Logins by `result`: `success`, `failure`, `limited`. */
export const logins: Counter<{ result: 'success' | 'failure' | 'limited' }> = meter.createCounter(
  'board.logins',
  {
    unit: '{login}',
    description: 'Login attempts by result',
  },
);

/** Accounts registered. */
export const registrations: Counter = meter.createCounter('board.registrations', {
  unit: '{account}',
  description: 'Accounts registered',
});

/** Messages posted. */
export const messagesPosted: Counter = meter.createCounter('board.messages.posted', {
  unit: '{message}',
  description: 'Messages posted',
});

/** Messages deleted. */
export const messagesDeleted: Counter = meter.createCounter('board.messages.deleted', {
  unit: '{message}',
  description: 'Messages deleted',
});

/** Searches by `result`: whether anything was found. */
export const searches: Counter<{ result: 'found' | 'empty' }> = meter.createCounter('board.searches', {
  unit: '{search}',
  description: 'Searches by whether anything was found',
});
