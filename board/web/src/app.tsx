import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { createApi, type Me } from './api/client.ts';
import { type Board, BoardContext, useBoard } from './context.ts';
import { AccountPage } from './pages/account.tsx';
import { AdminPage } from './pages/admin.tsx';
import { EditMessagePage, NewMessagePage } from './pages/editor.tsx';
import { ListPage } from './pages/list.tsx';
import { MessagePage } from './pages/message.tsx';
import { ErrorBoundary } from './parts/error-boundary.tsx';
import { Header } from './parts/header.tsx';
import { type Route, useRoute } from './router.ts';
import { initialLanguage, type Language, rememberLanguage, translator } from './texts.ts';

/** The whole application. */
export function App(): ReactNode {
  const [language, setLanguage] = useState<Language>(initialLanguage);
  const board = useNewBoard(language);
  const route = useRoute();
  useEffect(() => rememberLanguage(language), [language]);
  return (
    <BoardContext value={board}>
      <Header choose={setLanguage} />
      <main>
        <ErrorBoundary message={board.t('brokenPage')} key={JSON.stringify(route)}>
          <Page route={route} />
        </ErrorBoundary>
      </main>
    </BoardContext>
  );
}

function useNewBoard(language: Language): Board {
  const [me, setMe] = useState<Me>();
  const t = useMemo(() => translator(language), [language]);
  const api = useMemo(() => createApi(language, t('unreachable')), [language, t]);
  const refreshMe = useCallback(() => api.me().then(rememberMe).then(setMe), [api]);
  useEffect(() => {
    // The pages themselves say when the API is away.
    if (mayBeLoggedIn()) refreshMe().catch(() => undefined);
  }, [refreshMe]);
  return useMemo(() => ({ api, language, t, me, refreshMe }), [api, language, t, me, refreshMe]);
}

const loggedInMark = 'board.logged-in';

/** Script cannot see the session cookie; this mark saves every visitor's first page a request that is refused. */
function mayBeLoggedIn(): boolean {
  return localStorage.getItem(loggedInMark) !== null;
}

function rememberMe(me: Me | undefined): Me | undefined {
  if (me) localStorage.setItem(loggedInMark, '1');
  else localStorage.removeItem(loggedInMark);
  return me;
}

function Page({ route }: { route: Route }): ReactNode {
  const { t } = useBoard();
  switch (route.page) {
    case 'list':
      return <ListPage number={route.number} q={route.q} />;
    case 'message':
      return <MessagePage id={route.id} />;
    case 'edit':
      return <EditMessagePage id={route.id} />;
    case 'new':
      return <NewMessagePage />;
    case 'login':
    case 'register':
      return <AccountPage kind={route.page} key={route.page} />;
    case 'admin':
      return <AdminPage />;
    case 'unknown':
      return <p className="empty">{t('pageNotFound')}</p>;
  }
}
