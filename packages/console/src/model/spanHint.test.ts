import { expect, test } from 'vitest';
import { spanHint } from './spanHint.ts';

const attribute = (key: string, text: string) => ({ key, text, isText: true });

test('a query is told in one line', () => {
  expect(spanHint('SELECT', [attribute('db.query.text', 'SELECT id\n  FROM users')])).toBe(
    'SELECT id FROM users',
  );
});

test('what the name says already is not said again', () => {
  expect(spanHint('GET /api/me', [attribute('url.path', '/api/me')])).toBe('');
});

test('nothing telling, nothing told', () => {
  expect(spanHint('work', [attribute('thread.id', '1')])).toBe('');
});
