import { type MouseEvent, useSyncExternalStore } from 'react';

/** Where the user is. The URL is the only place where this is kept. */
export type Route =
  | { readonly page: 'list'; readonly number: number; readonly q: string }
  | { readonly page: 'message'; readonly id: number }
  | { readonly page: 'edit'; readonly id: number }
  | { readonly page: 'new' | 'login' | 'register' | 'admin' | 'unknown' };

const fixed = { '/new': 'new', '/login': 'login', '/register': 'register', '/admin': 'admin' } as const;

/** Reads a route from a path and its query. */
export function parseRoute(path: string, query: string): Route {
  const parameters = new URLSearchParams(query);
  const message = /^\/messages\/(\d{1,15})(\/edit)?$/.exec(path);
  if (message) return { page: message[2] ? 'edit' : 'message', id: Number(message[1]) };
  if (path === '/') {
    const number = Math.floor(Number(parameters.get('page'))) || 1;
    return { page: 'list', number: Math.max(number, 1), q: (parameters.get('q') ?? '').slice(0, 100) };
  }
  return { page: Object.entries(fixed).find(([fixedPath]) => fixedPath === path)?.[1] ?? 'unknown' };
}

/** The address of a page of the list. */
export function listAddress(number: number, q: string): string {
  const parameters = new URLSearchParams({
    ...(number > 1 ? { page: String(number) } : {}),
    ...(q ? { q } : {}),
  });
  return parameters.size > 0 ? `/?${parameters}` : '/';
}

/** Goes to another address of this application. */
export function go(address: string): void {
  history.pushState(null, '', address);
  dispatchEvent(new PopStateEvent('popstate'));
  scrollTo(0, 0);
}

/** For links: goes without loading the document, unless the user wants a new tab. */
export function followLink(event: MouseEvent<HTMLAnchorElement>): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
    return;
  event.preventDefault();
  go(event.currentTarget.getAttribute('href') ?? '/');
}

/** The present route; the component renders again when it changes. */
export function useRoute(): Route {
  const address = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  const [path = '/', query = ''] = address.split(/\?(.*)/s);
  return parseRoute(path, query);
}

function subscribe(changed: () => void): () => void {
  addEventListener('popstate', changed);
  return () => removeEventListener('popstate', changed);
}
