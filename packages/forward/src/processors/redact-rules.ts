export type RedactRule = 'email' | 'card' | 'token' | 'resident_number';

interface Rule {
  /** Found in every text that the rule may change; most texts have nothing, and this is all that they cost. */
  readonly hint: RegExp;
  readonly replace: (text: string) => string;
}

/** Ready rules for what should not leave the house, by name. They are ours and linear, so that they need no RE2. */
const rules: Readonly<Record<RedactRule, Rule>> = {
  email: {
    hint: /@/,
    replace: (text) =>
      text.replace(/[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/g, '[email]'),
  },
  card: {
    hint: /\d[ -]?\d[ -]?\d[ -]?\d/,
    replace: (text) =>
      text.replace(/(?<!\d|\d\.)\d(?:[ -]?\d){12,18}(?!\d|\.\d)/g, (digits) =>
        isCard(digits) ? '[card]' : digits,
      ),
  },
  token: {
    hint: /bearer|basic|eyJ|gh[pousr]_|xox|AKIA|glpat-|key|token|secret|passw|pwd/i,
    replace: withoutTokens,
  },
  resident_number: {
    hint: /\d{6}/,
    replace: (text) =>
      text.replace(/(?<!\d)\d{6}[ -]?[1-8]\d{6}(?!\d)/g, (digits) =>
        isResidentNumber(digits) ? '[resident number]' : digits,
      ),
  },
};

export const redactRuleNames: readonly RedactRule[] = ['email', 'card', 'token', 'resident_number'];

/** The text after a rule. */
export function redactedBy(rule: RedactRule, text: string): string {
  const { hint, replace } = rules[rule];
  return hint.test(text) ? replace(text) : text;
}

function withoutTokens(text: string): string {
  return text
    .replace(/\b(bearer|basic)(\s+)[A-Za-z0-9._~+/=-]{8,}/gi, '$1$2[token]')
    .replace(/\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*/g, '[token]')
    .replace(
      /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|xox[abprs]-[A-Za-z0-9-]{10,}|AKIA[0-9A-Z]{16}|glpat-[A-Za-z0-9_-]{20,})/g,
      '[token]',
    )
    .replace(
      /\b(api[_-]?key|access[_-]?token|secret|password|passwd|pwd)(["']?\s*[=:]\s*["']?)[^\s"'&,;]{4,}/gi,
      '$1$2[token]',
    );
}

/** Luhn's checksum, on 13 to 19 digits. */
function isCard(text: string): boolean {
  const digits = digitsOf(text);
  const sum = digits
    .toReversed()
    .reduce((total, digit, index) => total + (index % 2 === 0 ? digit : doubled(digit)), 0);
  return digits.length >= 13 && sum % 10 === 0 && digits.some((digit) => digit !== 0);
}

function doubled(digit: number): number {
  return digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
}

const weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * A Korean resident registration number: a date of birth, the century and sex, and for those issued before October 2020 a
 * check digit. Newer ones end at random, so that for births from that month on the date alone must do.
 */
function isResidentNumber(text: string): boolean {
  const digits = digitsOf(text);
  const [y1 = 0, y2 = 0, m1 = 0, m2 = 0, d1 = 0, d2 = 0, kind = 0] = digits;
  const month = m1 * 10 + m2;
  const day = d1 * 10 + d2;
  if (digits.length !== 13 || day < 1 || day > (daysOfMonth[month - 1] ?? 0)) return false;
  const year = ([3, 4, 7, 8].includes(kind) ? 2000 : 1900) + y1 * 10 + y2;
  return year * 100 + month >= 202_010 || digits[12] === checkDigit(digits, kind);
}

/** Foreigners' numbers (5 to 8) have the same sum with two added. */
function checkDigit(digits: readonly number[], kind: number): number {
  const sum = weights.reduce((total, weight, index) => total + weight * (digits[index] ?? 0), 0);
  const digit = (11 - (sum % 11)) % 10;
  return kind >= 5 ? (digit + 2) % 10 : digit;
}

function digitsOf(text: string): readonly number[] {
  return [...text.replaceAll(/\D/g, '')].map(Number);
}
