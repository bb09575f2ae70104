import type { Gap } from '../gap.ts';
import { at, listAt, textAt } from '../json.ts';
import type { Seen } from '../seen.ts';

/** The file of a bundle that says what it is of, and what could not be seen when it was made. */
export const bundleHead = 'maru-doctor.json';

/** The gaps of the bundle's making; everything in the file may have been changed by hand. */
export function readHead(text: string): Seen {
  return { objects: [], lines: [], gaps: listAt(parsed(text), 'gaps').flatMap(gapOf) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function gapOf(value: unknown): readonly Gap[] {
  const text = { en: textAt(value, 'text', 'en'), ko: textAt(value, 'text', 'ko') };
  if (text.en === '') return [];
  const verb = textAt(value, 'permission', 'verb') === 'get' ? 'get' : 'list';
  const resource = textAt(value, 'permission', 'resource');
  const namespace = textAt(value, 'permission', 'namespace');
  return [
    {
      text,
      ...(resource === '' ? {} : { permission: { verb, resource, namespace } }),
      ...(at(value, 'isBlinding') === true ? { isBlinding: true } : {}),
    },
  ];
}
