import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/http.ts';
import { PreferencesProvider } from './app/preferences.tsx';
import { router } from './app/router.tsx';
import { sessionKey } from './app/session.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/surfaces.css';
import './styles/query.css';
import './styles/overlays.css';
import './styles/shell.css';
import './styles/levels.css';

/** Only an unreachable server is asked again: an answered error is the answer, and is shown at once. */
const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // The key was revoked, or the time of the session is over: the page asks for one.
    onError: (error) => {
      if (error instanceof ApiError && error.status === 401)
        void client.invalidateQueries({ queryKey: sessionKey });
    },
  }),
  defaultOptions: {
    queries: {
      retry: (failures, error) => error instanceof ApiError && error.status === 0 && failures < 2,
      refetchOnWindowFocus: false,
    },
  },
});

/** A new version was put in place while this page stood open, and its parts are gone: the page is loaded anew, once. */
addEventListener('vite:preloadError', () => {
  const lastMillis = Number(sessionStorage.getItem('maru.reloaded') ?? 0);
  if (Date.now() - lastMillis < 60_000) return;
  sessionStorage.setItem('maru.reloaded', String(Date.now()));
  location.reload();
});

const element = document.getElementById('root');
if (element) {
  createRoot(element).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <PreferencesProvider>
          <RouterProvider router={router} />
        </PreferencesProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
