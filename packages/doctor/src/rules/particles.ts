/** Particles that depend on whether the word before ends in a consonant: with one, without one. */
const particles: Readonly<Record<string, readonly [string, string]>> = {
  '을(를)': ['을', '를'],
  '이(가)': ['이', '가'],
  '은(는)': ['은', '는'],
  '와(과)': ['과', '와'],
  '(으)로': ['으로', '로'],
};

const pattern = /\s*(을\(를\)|이\(가\)|은\(는\)|와\(과\)|\(으\)로)/g;

/**
 * Chooses Korean particles behind values that were filled in, and closes the gap that an empty value left. A word of Latin
 * letters keeps both forms, because its reading is not known.
 */
export function withParticles(text: string): string {
  return text.replace(pattern, (_, particle: string, at: number) => {
    const [withConsonant = particle, without = particle] = particles[particle] ?? [];
    const ending = endingOf(text.slice(0, at).replace(/["'”’)\]]+$/, ''));
    if (ending === undefined) return particle;
    const isLight = particle === '(으)로' && ending === 'ㄹ';
    return ending === 'none' || isLight ? without : withConsonant;
  });
}

type Ending = 'none' | 'ㄹ' | 'other';

/** How the digits 0 to 9 end when they are read: 영 일 이 삼 사 오 육 칠 팔 구. */
const digitEndings: readonly Ending[] = [
  'other',
  'ㄹ',
  'none',
  'other',
  'none',
  'none',
  'other',
  'ㄹ',
  'ㄹ',
  'none',
];

function endingOf(word: string): Ending | undefined {
  const last = word.at(-1) ?? '';
  if (/[0-9]/.test(last)) return digitEndings[Number(last)];
  const code = last.codePointAt(0) ?? 0;
  if (code < 0xac00 || code > 0xd7a3) return undefined;
  const final = (code - 0xac00) % 28;
  return final === 0 ? 'none' : final === 8 ? 'ㄹ' : 'other';
}
