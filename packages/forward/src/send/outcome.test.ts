import { lengthDelimited, stringField, varintField } from '@maru/otlp';
import { describe, expect, test } from 'vitest';
import { grpcOutcome } from './grpc.ts';
import { httpOutcome } from './http.ts';
import { acceptedOutcome, retryAfterMs } from './outcome.ts';
import { pauseMs } from './pause.ts';

const nothing = new Uint8Array(0);

describe('OTLP/HTTP', () => {
  test.each([
    [200, 'accepted'],
    [202, 'accepted'],
    [301, 'refused'],
    [400, 'invalid'],
    [401, 'refused'],
    [404, 'refused'],
    [413, 'too_large'],
    [429, 'retry'],
    [500, 'refused'],
    [502, 'retry'],
    [503, 'retry'],
    [504, 'retry'],
  ])('%i is %s', (statusCode, kind) => {
    expect(httpOutcome({ statusCode, headers: {} }, nothing).kind).toBe(kind);
  });

  test('the message of a status, or the first line of a page, is told', () => {
    const body = Buffer.concat([varintField(1, 3), stringField(2, 'no such tenant')]);
    const headers = { 'content-type': 'application/x-protobuf' };
    expect(httpOutcome({ statusCode: 401, headers }, body)).toMatchObject({
      detail: 'it answered 401: no such tenant',
    });
    const page = Buffer.from('  bad gateway\u0007\n<html>');
    expect(httpOutcome({ statusCode: 500, headers: {} }, page)).toMatchObject({
      detail: 'it answered 500: bad gateway',
    });
  });
});

describe('OTLP/gRPC', () => {
  test.each([
    ['0', 'accepted'],
    ['3', 'invalid'],
    ['8', 'too_large'],
    ['14', 'retry'],
    ['16', 'refused'],
  ])('status %s is %s', (status, kind) => {
    expect(grpcOutcome({ 'grpc-status': status }, nothing).kind).toBe(kind);
  });

  test('a proxy without gRPC answers with HTTP’s status alone', () => {
    expect(grpcOutcome({ ':status': '503' }, nothing)).toMatchObject({ kind: 'retry' });
    expect(grpcOutcome({ ':status': '404' }, nothing)).toMatchObject({ kind: 'refused' });
  });

  test('messages are decoded, broken ones shown as they are', () => {
    expect(grpcOutcome({ 'grpc-status': '16', 'grpc-message': 'no%20key' }, nothing)).toMatchObject({
      detail: 'it answered UNAUTHENTICATED: no key',
    });
    expect(grpcOutcome({ 'grpc-status': '16', 'grpc-message': '%zz' }, nothing)).toMatchObject({
      detail: 'it answered UNAUTHENTICATED: %zz',
    });
  });
});

test('an answer that is no protobuf counts as success', () => {
  expect(acceptedOutcome(Buffer.from('{"partialSuccess":{}}'))).toEqual({
    kind: 'accepted',
    rejected: 0,
    message: '',
  });
  const partial = lengthDelimited(1, varintField(1, 3), stringField(2, 'late'));
  expect(acceptedOutcome(partial)).toEqual({ kind: 'accepted', rejected: 3, message: 'late' });
});

test('Retry-After is seconds or a date, and never more than ten minutes', () => {
  const now = Date.UTC(2026, 0, 1);
  expect(retryAfterMs('7', now)).toBe(7_000);
  expect(retryAfterMs('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30_000);
  expect(retryAfterMs('86400', now)).toBe(600_000);
  expect(retryAfterMs('soon', now)).toBeUndefined();
  expect(retryAfterMs(undefined, now)).toBeUndefined();
});

test('pauses double up to the longest, shortened by up to a half, and wishes are granted', () => {
  const retry = { firstMs: 100, longestMs: 1000 };
  expect([1, 2, 3, 4, 5, 50].map((failures) => pauseMs(retry, failures, undefined, () => 1))).toEqual([
    100, 200, 400, 800, 1000, 1000,
  ]);
  expect(pauseMs(retry, 1, undefined, () => 0)).toBe(50);
  expect(pauseMs(retry, 1, 5_000, () => 0)).toBe(5_000);
});
