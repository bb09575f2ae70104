import type { ReactNode } from 'react';
import { Icon } from '../components/icon.tsx';
import { type Theme, useMessages, usePreferences } from './preferences.tsx';

/** Shows the language that a press leads to, in that language. */
export function LanguageSwitch(): ReactNode {
  const { language, change } = usePreferences();
  const other = language === 'ko' ? 'en' : 'ko';
  return (
    <button
      type="button"
      className="tool"
      data-testid="language-switch"
      lang={other}
      onClick={() => change({ language: other })}
    >
      {other === 'ko' ? '한국어' : 'English'}
    </button>
  );
}

const themes: readonly Theme[] = ['system', 'light', 'dark'];
const themeNames = { system: 'themeSystem', light: 'themeLight', dark: 'themeDark' } as const;

/** Goes round: system, light, dark. */
export function ThemeSwitch(): ReactNode {
  const { theme, change } = usePreferences();
  const text = useMessages();
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  const label = `${text.theme}: ${text[themeNames[theme]]}`;
  return (
    <button
      type="button"
      className="tool"
      data-testid="theme-switch"
      data-theme-choice={theme}
      aria-label={label}
      title={label}
      onClick={() => change({ theme: next })}
    >
      <Icon name={theme === 'system' ? 'themeSystem' : theme === 'light' ? 'sun' : 'moon'} />
    </button>
  );
}
