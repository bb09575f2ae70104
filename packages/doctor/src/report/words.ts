import type { Certainty } from '../rules/cause.ts';
import type { Language } from '../rules/text.ts';

/** The words of the report around the findings. */
export interface Words {
  readonly certainty: Readonly<Record<Certainty, string>>;
  readonly evidence: string;
  readonly ruledOut: string;
  readonly fix: string;
  readonly follows: string;
  readonly page: string;
  readonly notSeen: string;
  readonly healthy: string;
  readonly nothingSeen: string;
  readonly couldNotLook: string;
  readonly needs: (verb: string, resources: string, namespace: string) => string;
  readonly grant: string;
  readonly found: (findings: number, pods: number) => string;
  readonly andMore: (count: number) => string;
}

const english: Words = {
  certainty: { certain: 'certain', likely: 'likely', possible: 'possible' },
  evidence: 'evidence',
  ruledOut: 'ruled out',
  fix: 'to mend it',
  follows: 'goes away with it',
  page: 'more',
  notSeen: 'not seen',
  healthy: 'Nothing wrong was found in what was given.',
  nothingSeen:
    'Nothing in it could be read as evidence. Give the output of kubectl describe pod, kubectl get -o json, kubectl get events, or logs.',
  couldNotLook: 'Nothing wrong was found, but too little could be seen to say that all is well.',
  needs: (verb, resources, namespace) =>
    `could not look at ${resources}: needs the permission "${verb}" on them ${namespace === '' ? 'in the whole cluster' : `in namespace ${namespace}`}`,
  grant: 'a role that shows it (read only)',
  found: (findings, pods) =>
    `${findings} ${findings === 1 ? 'cause' : 'causes'} found${pods === 0 ? '' : ` in ${pods} ${pods === 1 ? 'pod' : 'pods'}`}`,
  andMore: (count) => `and ${count} more`,
};

const korean: Words = {
  certainty: { certain: '확실', likely: '유력', possible: '가능' },
  evidence: '근거',
  ruledOut: '배제한 원인',
  fix: '해결',
  follows: '함께 사라질 증상',
  page: '자세히',
  notSeen: '보지 못한 것',
  healthy: '주어진 자료에서 문제를 찾지 못했습니다.',
  nothingSeen:
    '근거로 읽을 수 있는 내용이 없습니다. kubectl describe pod, kubectl get -o json, kubectl get events, 로그 출력을 주세요.',
  couldNotLook: '문제를 찾지는 못했지만, 정상이라고 말하기에는 본 것이 너무 적습니다.',
  needs: (verb, resources, namespace) =>
    `${resources} 확인 불가: ${namespace === '' ? '클러스터 전체' : `네임스페이스 ${namespace}`}에서 "${verb}" 권한이 필요합니다`,
  grant: '볼 수 있게 하는 역할(읽기 전용)',
  found: (findings, pods) => `원인 ${findings}건${pods === 0 ? '' : `, 파드 ${pods}개 확인`}`,
  andMore: (count) => `외 ${count}건`,
};

export function wordsOf(language: Language): Words {
  return language === 'ko' ? korean : english;
}

/** Korean for a Korean locale, as LC_ALL, LC_MESSAGES and LANG tell it in this order; English for all else. */
export function languageOf(environment: Readonly<Record<string, string | undefined>>): Language {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return /^ko(?:[_.@-]|$)/i.test(locale) ? 'ko' : 'en';
}
