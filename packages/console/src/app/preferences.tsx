import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { en, type Messages } from '../i18n/en.ts';
import { ko } from '../i18n/ko.ts';
import type { Notation } from '../model/format.ts';

export type Language = 'ko' | 'en';
export type Theme = 'system' | 'light' | 'dark';
export type Zone = 'local' | 'utc';

/** What a person chose for this browser; kept in its storage, never in the URL, so that a shared view respects its reader. */
export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  readonly zone: Zone;
}

interface PreferencesContext extends Preferences {
  readonly change: (change: Partial<Preferences>) => void;
}

const messages: Readonly<Record<Language, Messages>> = { ko, en };
const Context = createContext<PreferencesContext | undefined>(undefined);

export function PreferencesProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [preferences, setPreferences] = useState(storedPreferences);
  useEffect(() => applyToDocument(preferences), [preferences]);
  const value = useMemo(
    () => ({
      ...preferences,
      change: (change: Partial<Preferences>) => {
        store(change);
        setPreferences((before) => ({ ...before, ...change }));
      },
    }),
    [preferences],
  );
  return <Context value={value}>{children}</Context>;
}

export function usePreferences(): PreferencesContext {
  const preferences = useContext(Context);
  if (!preferences) throw new Error('usePreferences needs a PreferencesProvider above it.');
  return preferences;
}

/** The dictionary of the chosen language. */
export function useMessages(): Messages {
  return messages[usePreferences().language];
}

/** How numbers and times are written for this person. */
export function useNotation(): Notation {
  const { language, zone } = usePreferences();
  return useMemo(
    () => ({ locale: language, timeZone: zone === 'utc' ? 'UTC' : undefined }),
    [language, zone],
  );
}

const darkQuery = '(prefers-color-scheme: dark)';

/** The theme in force: a canvas must be drawn again when it changes. */
export function useEffectiveTheme(): 'light' | 'dark' {
  const { theme } = usePreferences();
  const systemIsDark = useMediaQuery(darkQuery);
  if (theme !== 'system') return theme;
  return systemIsDark ? 'dark' : 'light';
}

/** Whether the media query holds, kept up to date. */
export function useMediaQuery(query: string): boolean {
  return useSyncExternalStore(
    (notify) => {
      const list = matchMedia(query);
      list.addEventListener('change', notify);
      return () => list.removeEventListener('change', notify);
    },
    () => matchMedia(query).matches,
  );
}

function storedPreferences(): Preferences {
  return {
    language: stored('language', ['ko', 'en']) ?? (navigator.language.startsWith('ko') ? 'ko' : 'en'),
    theme: stored('theme', ['system', 'light', 'dark']) ?? 'system',
    zone: stored('zone', ['local', 'utc']) ?? 'local',
  };
}

function stored<Value extends string>(name: keyof Preferences, allowed: readonly Value[]): Value | undefined {
  try {
    const value = localStorage.getItem(`maru.${name}`);
    return allowed.find((one) => one === value);
  } catch {
    return undefined;
  }
}

function store(change: Partial<Preferences>): void {
  try {
    for (const [name, value] of Object.entries(change)) localStorage.setItem(`maru.${name}`, value);
  } catch {
    // Storage may be forbidden or full: the choice then lasts until the page is left.
  }
}

function applyToDocument({ language, theme }: Preferences): void {
  document.documentElement.lang = language;
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
