/** What stands where a secret stood. */
const redacted = '[redacted]';

const secretName =
  /(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential|authorization|auth[-_]?header|cookie|session[-_]?id|dsn|connection[-_]?string|otlp_(?:\w+_)?headers|sas$|signature)/i;

/** Whether a variable or a field of this name holds something that must not be shown. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !/(?:_?file|_?path|_?name|_?ref|_?class)$/i.test(name);
}

/** Forms that are secret wherever they stand. Each keeps what a person needs to recognise the place. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, redacted],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, redacted],
  [/\b([a-z][a-z0-9+.-]*:\/\/[^\s:@/"']*):[^\s@/"']+@/gi, `$1:${redacted}@`],
  [
    /\b(authorization["']?\s*[:=]\s*["']?)(?:(?:bearer|basic|apikey|token)(?:\s|%20)+)?[^\s"',;]+/gi,
    `$1${redacted}`,
  ],
  [/\b((?:bearer|basic)(?:\s|%20)+)[\w.~+/=-]{8,}/gi, `$1${redacted}`],
  [/\b((?:set-)?cookie["']?\s*[:=]\s*["']?)[^\r\n"']+/gi, `$1${redacted}`],
  [/([?&](?:sig|sv|token|key|access_token|api_key|code|password)=)[^&\s"']+/gi, `$1${redacted}`],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, redacted],
  [/\b(?:gh[pousr]_|glc_|glsa_|xox[abprs]-|sk-|hf_|npm_|dckr_pat_)[\w-]{10,}/g, redacted],
  [/((?:^|\s)(?:-p|--password(?:=|\s+)|--token(?:=|\s+)))(?=[^\s-])[^\s]+/g, `$1${redacted}`],
];

const assignment = /(["']?)([\w.-]{2,80})\1(\s*[:=]\s*)(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"',;}&]+))/g;

/**
 * Returns a function that takes every secret out of a text: values that the evidence marked as secret, forms that are
 * secret by themselves (tokens, passwords in addresses), and values behind a telling name (`DB_PASSWORD=…`).
 * `known` are literal values; `harmless` are names that must stay readable even if a Secret holds the same word.
 */
export function redactor(
  known: readonly string[],
  harmless: ReadonlySet<string> = new Set(),
): (text: string) => string {
  const literals = known
    .filter(
      (value) =>
        value.length >= 4 && !harmless.has(value) && !/^(?:true|false|null|none|\d{1,4})$/i.test(value),
    )
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const literal of literals) clean = clean.replaceAll(literal, redacted);
    for (const [form, replacement] of forms) clean = clean.replace(form, replacement);
    return clean.replace(assignment, hideNamed);
  };
}

function hideNamed(
  whole: string,
  quote: string,
  name: string,
  sign: string,
  ...rest: readonly unknown[]
): string {
  const value = rest.slice(0, 3).find((one) => typeof one === 'string');
  if (typeof value !== 'string' || value === '' || value === redacted) return whole;
  if (!isSecretName(name) || isHarmlessValue(value)) return whole;
  if (sign.includes(':') && quote === '' && isProse(Number(rest[3]), String(rest[4]), value)) return whole;
  return `${quote}${name}${quote}${sign}${whole.includes('"', quote.length + name.length) ? `"${redacted}"` : redacted}`;
}

/**
 * In a sentence (`failed to fetch anonymous token: unexpected status`) a colon behind a telling word announces a reason;
 * at the beginning of a line, or before something that mixes letters and digits, it announces a value.
 */
function isProse(offset: number, text: string, value: string): boolean {
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const looksRandom = value.length >= 6 && /\d/.test(value) && /[A-Za-z]/.test(value);
  return /[^\s{,-]/.test(before) && !looksRandom;
}

/** `using password: YES` tells whether one was sent, and `secret: not found` is no secret. */
function isHarmlessValue(value: string): boolean {
  return /^(?:YES|NO|true|false|not|missing|empty|invalid|required|is|was|null|undefined|<[^>]*>|\$\{?\w*\}?)[)]?$/i.test(
    value,
  );
}
