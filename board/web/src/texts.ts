/** The languages of the Board. Korean is its own. */
export type Language = 'ko' | 'en';

const ko = {
  board: '게시판',
  login: '로그인',
  logout: '로그아웃',
  register: '회원 가입',
  admin: '관리',
  write: '글쓰기',
  username: '아이디',
  password: '비밀번호',
  passwordRule: '8자 이상',
  noAccount: '계정이 없나요?',
  haveAccount: '이미 계정이 있나요?',
  search: '검색',
  searchPlaceholder: '제목과 내용에서 찾기',
  clear: '전체 보기',
  count: '글 {}개',
  empty: '아직 글이 없습니다. 첫 글을 남겨 보세요.',
  nothingFound: '찾는 글이 없습니다.',
  title: '제목',
  body: '내용',
  post: '등록',
  save: '저장',
  edit: '수정',
  remove: '삭제',
  removeQuestion: '이 글을 삭제할까요?',
  cancel: '취소',
  back: '목록',
  edited: '수정됨',
  newer: '이전',
  older: '다음',
  loading: '불러오는 중…',
  retry: '다시 시도',
  unreachable: '서버에 연결할 수 없습니다. 잠시 후 다시 시도하세요.',
  traceId: '추적 번호',
  pageNotFound: '없는 페이지입니다.',
  adminOnly: '관리자만 볼 수 있습니다.',
  faults: '장애 연습',
  faultsHelp:
    '켠 장애는 정한 시간이 지나면 저절로 끝납니다. 무엇이 어떻게 보이는지 관측 도구에서 확인하세요.',
  seconds: '지속 시간(초)',
  on: '켜기',
  off: '끄기',
  remaining: '{}초 남음',
  users: '회원',
  joined: '가입일',
  messages: '글',
  system: '시스템',
  version: '버전',
  runtime: '런타임',
  database: '데이터베이스',
  pod: '파드',
  node: '노드',
  away: '연결 안 됨',
  isAdmin: '관리자',
  brokenPage: '화면을 표시하지 못했습니다.',
};

/** The name of a text. */
export type TextKey = keyof typeof ko;

const en: Readonly<Record<TextKey, string>> = {
  board: 'Board',
  login: 'Log in',
  logout: 'Log out',
  register: 'Register',
  admin: 'Admin',
  write: 'Write',
  username: 'Username',
  password: 'Password',
  passwordRule: 'At least 8 characters',
  noAccount: 'No account yet?',
  haveAccount: 'Have an account?',
  search: 'Search',
  searchPlaceholder: 'Find in titles and text',
  clear: 'Show all',
  count: '{} messages',
  empty: 'No messages yet. Write the first one.',
  nothingFound: 'Nothing found.',
  title: 'Title',
  body: 'Text',
  post: 'Post',
  save: 'Save',
  edit: 'Edit',
  remove: 'Delete',
  removeQuestion: 'Delete this message?',
  cancel: 'Cancel',
  back: 'All messages',
  edited: 'edited',
  newer: 'Newer',
  older: 'Older',
  loading: 'Loading…',
  retry: 'Try again',
  unreachable: 'The server cannot be reached. Try again shortly.',
  traceId: 'Trace id',
  pageNotFound: 'There is no such page.',
  adminOnly: 'Only an admin may see this.',
  faults: 'Fault drills',
  faultsHelp: 'A fault ends by itself when its time is up. See in your telemetry what it looks like.',
  seconds: 'Duration (s)',
  on: 'Switch on',
  off: 'Switch off',
  remaining: '{} s left',
  users: 'Accounts',
  joined: 'Joined',
  messages: 'Messages',
  system: 'System',
  version: 'Version',
  runtime: 'Runtime',
  database: 'Database',
  pod: 'Pod',
  node: 'Node',
  away: 'not connected',
  isAdmin: 'Admin',
  brokenPage: 'This page could not be shown.',
};

const faultTexts: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  latency: { ko: '응답 지연', en: 'Added latency' },
  'error-rate': { ko: '오류 응답', en: 'Error rate' },
  'slow-sql': { ko: '느린 SQL', en: 'Slow SQL' },
  'n-plus-one': { ko: 'N+1 조회', en: 'N+1 queries' },
  'pool-exhausted': { ko: '커넥션 풀 고갈', en: 'Exhausted pool' },
  'memory-leak': { ko: '메모리 누수', en: 'Memory leak' },
  'cpu-busy': { ko: 'CPU 과부하', en: 'Busy CPU' },
  'log-flood': { ko: '로그 폭주', en: 'Log flood' },
  'telemetry-stopped': { ko: '텔레메트리 중단', en: 'Telemetry stopped' },
  'telemetry-wrong-endpoint': { ko: '텔레메트리 주소 오류', en: 'Telemetry to a wrong endpoint' },
};

const tables: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { ko, en };

/** The text in a language, with `amount` in the place of its `{}`. */
export type Translate = (key: TextKey, amount?: number) => string;

/** The texts of one language. */
export function translator(language: Language): Translate {
  return (key, amount) => tables[language][key].replace('{}', String(amount));
}

/** A fault's name for people; its own name where we have none. */
export function faultText(name: string, language: Language): string {
  return faultTexts[name]?.[language] ?? name;
}

/** The language chosen before, else English for an English browser, else Korean. */
export function initialLanguage(): Language {
  const chosen = localStorage.getItem('board.language');
  if (chosen === 'ko' || chosen === 'en') return chosen;
  return navigator.language.toLowerCase().startsWith('en') ? 'en' : 'ko';
}

/** Remembers the chosen language in this browser. */
export function rememberLanguage(language: Language): void {
  localStorage.setItem('board.language', language);
  document.documentElement.lang = language;
  document.title = tables[language].board;
}
