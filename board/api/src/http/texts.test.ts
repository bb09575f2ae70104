import { expect, test } from 'vitest';
import { chooseLanguage } from './texts.ts';

test.each([
  [undefined, 'ko'],
  ['', 'ko'],
  ['*', 'ko'],
  ['en', 'en'],
  ['en-GB,en;q=0.9', 'en'],
  ['ko-KR,ko;q=0.9,en;q=0.8', 'ko'],
  ['en;q=0.4, ko;q=0.6', 'ko'],
  ['fr, de;q=0.9, en;q=0.1', 'en'],
  ['fr', 'ko'],
  ['en;q=0', 'ko'],
  ['en;q=rubbish', 'ko'],
  ['EN-us', 'en'],
])('Accept-Language %j is answered in %s', (header, language) => {
  expect(chooseLanguage(header)).toBe(language);
});
