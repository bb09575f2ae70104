/** The languages the Board speaks. Korean is its own. */
export type Language = 'ko' | 'en';

/** The name of a text that a user may be shown. */
export type TextKey =
  | 'adminLoggedIn'
  | 'loggedIn'
  | 'badCredentials'
  | 'tooManyAttempts'
  | 'loggedOut'
  | 'registered'
  | 'usernameTaken'
  | 'loginRequired'
  | 'adminRequired'
  | 'notYours'
  | 'messageNotFound'
  | 'messageDeleted'
  | 'faultNotFound'
  | 'notFound'
  | 'invalid'
  | 'tooLarge'
  | 'unsupportedType'
  | 'databaseAway'
  | 'busy'
  | 'internal';

const texts: Readonly<Record<TextKey, Readonly<Record<Language, string>>>> = {
  adminLoggedIn: { ko: '관리자 로그인 성공', en: 'Admin logged in' },
  loggedIn: { ko: '로그인 성공', en: 'Logged in' },
  badCredentials: { ko: '아이디 또는 비밀번호가 올바르지 않습니다', en: 'Wrong username or password' },
  tooManyAttempts: {
    ko: '로그인 시도가 너무 많습니다. 잠시 후 다시 시도하세요',
    en: 'Too many login attempts, try again later',
  },
  loggedOut: { ko: '로그아웃되었습니다', en: 'Logged out' },
  registered: { ko: '가입이 완료되었습니다', en: 'Registered' },
  usernameTaken: { ko: '이미 사용 중인 아이디입니다', en: 'That username is taken' },
  loginRequired: { ko: '로그인이 필요합니다', en: 'Log in first' },
  adminRequired: { ko: '관리자만 사용할 수 있습니다', en: 'Only an admin may do this' },
  notYours: { ko: '본인의 글만 수정하거나 삭제할 수 있습니다', en: 'You may change only your own messages' },
  messageNotFound: { ko: '글을 찾을 수 없습니다', en: 'There is no such message' },
  messageDeleted: { ko: '글이 삭제되었습니다', en: 'Message deleted' },
  faultNotFound: { ko: '그런 이름의 장애가 없습니다', en: 'There is no fault of that name' },
  notFound: { ko: '찾을 수 없습니다', en: 'Not found' },
  invalid: { ko: '입력값이 올바르지 않습니다', en: 'The input is not valid' },
  tooLarge: { ko: '요청이 너무 큽니다', en: 'The request is too large' },
  unsupportedType: { ko: 'application/json으로 보내세요', en: 'Send application/json' },
  databaseAway: {
    ko: '데이터베이스를 사용할 수 없습니다. 잠시 후 다시 시도하세요',
    en: 'The database cannot be used now, try again shortly',
  },
  busy: { ko: '요청이 많습니다. 잠시 후 다시 시도하세요', en: 'Too busy, try again shortly' },
  internal: { ko: '서버 오류가 발생했습니다', en: 'Something went wrong on the server' },
};

/** A text in the given language. */
export function textFor(key: TextKey, language: Language): string {
  return texts[key][language];
}

/** The language that `Accept-Language` prefers among ours (RFC 9110, 12.5.4); Korean when it names neither. */
export function chooseLanguage(acceptLanguage: string | undefined): Language {
  const ranked = (acceptLanguage ?? '')
    .slice(0, 200)
    .split(',')
    .map(readRange)
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return ranked.find(({ language }) => language === 'ko' || language === 'en')?.language === 'en'
    ? 'en'
    : 'ko';
}

function readRange(range: string): { language: string; quality: number } {
  const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
  const quality = parameters.find((parameter) => parameter.trim().startsWith('q='));
  return {
    language: tag.split('-', 1)[0] ?? '',
    quality: quality ? Number(quality.trim().slice(2)) || 0 : 1,
  };
}
