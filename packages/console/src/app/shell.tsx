import { Link, Outlet } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Icon, type IconName } from '../components/icon.tsx';
import { DeliveryStrip } from './deliveryStrip.tsx';
import { KeyboardHelp } from './keyboardHelp.tsx';
import { useMessages } from './preferences.tsx';
import { RangePicker } from './rangePicker.tsx';
import { RefreshControl } from './refreshControl.tsx';
import { SignOut, useSession } from './session.tsx';
import { useShortcuts } from './shortcuts.ts';
import { SignIn } from './signIn.tsx';
import { LanguageSwitch, ThemeSwitch } from './switches.tsx';

const pages = [
  { to: '/', name: 'home', icon: 'home' },
  { to: '/traces', name: 'traces', icon: 'traces' },
  { to: '/logs', name: 'logs', icon: 'logs' },
  { to: '/charts', name: 'metrics', icon: 'metrics' },
  { to: '/doctor', name: 'doctor', icon: 'doctor' },
] as const satisfies readonly { to: string; name: string; icon: IconName }[];

/** What surrounds every page: the pages' names, the range of time, the display switches and the delivery strip. */
export function Shell(): ReactNode {
  const text = useMessages();
  const [isHelpOpen, setHelpOpen] = useState(false);
  useShortcuts(() => setHelpOpen(true));
  const session = useSession();
  if (session === 'unknown') return null;
  if (session === 'signedOut') return <SignIn />;
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {text.skipToContent}
      </a>
      <header className="topbar">
        <Link to="/" className="brand" aria-label="Maru">
          <Icon name="maru" />
          <span>Maru</span>
        </Link>
        <Pages />
        <div className="topbar-tools">
          <RangePicker />
          <RefreshControl />
          <LanguageSwitch />
          <ThemeSwitch />
          <SignOut />
        </div>
      </header>
      <main id="content" className="content" tabIndex={-1}>
        <Outlet />
      </main>
      <DeliveryStrip onHelp={() => setHelpOpen(true)} />
      {isHelpOpen && <KeyboardHelp onClose={() => setHelpOpen(false)} />}
    </div>
  );
}

function Pages(): ReactNode {
  const text = useMessages();
  return (
    <nav className="pages" aria-label={text.navigation}>
      {pages.map(({ to, name, icon }) => (
        <Link
          key={to}
          to={to}
          className="page-link"
          activeOptions={{ exact: to === '/', includeSearch: false }}
        >
          <Icon name={icon} />
          <span>{text[name]}</span>
        </Link>
      ))}
    </nav>
  );
}
