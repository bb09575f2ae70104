/** Names of the users; the n-th round of the same names gets a number. */
export const names: readonly string[] = [
  'minsu',
  'jiwoo',
  'seoyeon',
  'hajun',
  'doyun',
  'yuna',
  'taeyang',
  'sora',
];

/** What the users write: a title and the text under it. */
export const notes: readonly (readonly [title: string, body: string])[] = [
  ['점심 같이 드실 분', '열두 시에 로비에서 만나요. 오늘은 비빔밥 어떠세요?'],
  ['배포 전 점검 목록', '이미지 아키텍처, 환경 변수, 마이그레이션 순서로 확인합시다.'],
  ['회의실 예약 안내', '이번 주부터 3층 회의실은 예약한 뒤에 사용해 주세요.'],
  ['Release notes for Friday', 'Search is faster and the login limit counts per address now.'],
  ['새로 오신 분을 환영합니다', '궁금한 점은 언제든 이 게시판에 남겨 주세요.'],
  ['Lost: one blue umbrella', 'Last seen near the coffee machine on Tuesday.'],
  ['주간 회고', '잘된 점: 알림이 줄었습니다. 고칠 점: 느린 질의를 더 찾아야 합니다.'],
  ['커피 원두 추천', '산미가 적고 고소한 원두를 찾습니다. 추천해 주세요.'],
];

/** What the users look for; the last is found nowhere. */
export const searches: readonly string[] = ['점심', '배포', 'coffee', '회의', 'release', '없는 말 xyz'];
