import { expect, test } from 'vitest';
import { highlight } from './highlight.ts';

const marked = (text: string, ...needles: string[]): string =>
  highlight(text, needles)
    .map((piece) => (piece.isHit ? `[${piece.text}]` : piece.text))
    .join('');

test.each([
  ['login failed, login again', ['login'], '[login] failed, [login] again'],
  ['관리자 로그인 성공', ['로그인'], '관리자 [로그인] 성공'],
  ['abcabc', ['bc', 'abc'], '[abc][abc]'],
  ['nothing here', ['x'], 'nothing here'],
  ['', ['x'], ''],
  ['plain', [''], 'plain'],
])('%s with %j', (text, needles, expected) => {
  expect(marked(text, ...needles)).toBe(expected);
});
