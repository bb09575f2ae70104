import type { Fix, Text } from './cause.ts';
import { withParticles } from './particles.ts';

export type Language = 'en' | 'ko';

export type Values = Readonly<Record<string, string>>;

/** Fills `{name}` and `{name|words when not known}`; `{name}` that is not known becomes `NAME`, to be replaced by hand. */
export function fill(template: string, values: Values): string {
  return template.replace(/\{(\w+)(?:\|([^}]*))?\}/g, (_, name: string, words: string | undefined) => {
    const value = values[name];
    return value !== undefined && value !== '' ? value : (words ?? name.toUpperCase());
  });
}

export function fillText(text: Text, values: Values): Text {
  return { en: fill(text.en, values), ko: withParticles(fill(text.ko, values)) };
}

/** A title: filled in, and without the traces of values that are not known (empty brackets, a colon at the end). */
export function fillTitle({ en, ko }: Text, values: Values): Text {
  return { en: tidy(fill(en, values)), ko: withParticles(tidy(fill(ko, values))) };
}

function tidy(title: string): string {
  return title.replace(/ \(\)/g, '').replace(/: *$/, '').replace(/ {2,}/g, ' ').trim();
}

/** Both languages of one text, side by side so that neither is forgotten. */
export function both(en: string, ko: string): Text {
  return { en, ko };
}

/** One line of a mend: a sentence. */
export function say(en: string, ko: string): Fix {
  return { say: both(en, ko) };
}

/** One line of a mend: a command to paste. */
export function run(command: string): Fix {
  return { run: command };
}
