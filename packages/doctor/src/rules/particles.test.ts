import { expect, it } from 'vitest';
import { withParticles } from './particles.ts';

it.each([
  ['이미지 을(를) 내려받지 못합니다', '이미지를 내려받지 못합니다'],
  ['설정 이(가) 없습니다', '설정이 없습니다'],
  ['포트 5000을(를) 씁니다', '포트 5000을 씁니다'],
  ['포트 4317이(가) 막혔습니다', '포트 4317이 막혔습니다'],
  ['서울(으)로', '서울로'],
  ['부산(으)로', '부산으로'],
  ['사용자 "관리자"은(는)', '사용자 "관리자"는'],
  ['board-api이(가) 없습니다', 'board-api이(가) 없습니다'],
])('%s', (text, expected) => {
  expect(withParticles(text)).toBe(expected);
});
