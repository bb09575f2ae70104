import { type Attribute, attributeText } from './attributes.ts';

/** The attributes that say what a span of that kind was about, by the semantic conventions, newer names first. */
const telling = [
  'db.query.text',
  'db.statement',
  'url.path',
  'http.target',
  'url.full',
  'http.url',
  'messaging.destination.name',
];

/** More than this never fits beside a name. */
const longest = 160;

/** What a span was about, when its name alone (`SELECT`, `GET`) does not say it; empty when nothing more is known. */
export function spanHint(name: string, attributes: readonly Attribute[]): string {
  for (const key of telling) {
    const text = attributeText(attributes, key)?.replace(/\s+/g, ' ').trim();
    if (text) return name.includes(text) ? '' : text.slice(0, longest);
  }
  return '';
}
