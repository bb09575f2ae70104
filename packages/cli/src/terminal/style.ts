import type { WriteStream } from 'node:tty';

/** Where to write, and whether it is a terminal that understands colours. */
export type Output = Pick<WriteStream, 'write' | 'isTTY' | 'columns'>;

/** Colours for an output: none when it is no terminal, or NO_COLOR is set (https://no-color.org). */
export interface Style {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
}

export function styleFor(output: Output, environment: NodeJS.ProcessEnv = process.env): Style {
  const colours = output.isTTY === true && !environment.NO_COLOR;
  const paint = (code: number) => (text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { good: paint(32), bad: paint(31), faint: paint(2), strong: paint(1) };
}

/** How many columns a text takes: Hangul, Han, kana and full-width forms take two, colour codes none. */
function columnsOf(text: string): number {
  let columns = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
  for (const character of text.replace(/\u001b\[\d*m/g, '')) columns += isWide(character) ? 2 : 1;
  return columns;
}

/** Fills a text with blanks at its end to a number of columns. */
export function padColumns(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

function isWide(character: string): boolean {
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
    character,
  );
}
