import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { fetchSession, signOut } from '../api/session.ts';
import { Icon } from '../components/icon.tsx';
import { useMessages } from './preferences.tsx';

export const sessionKey = ['session'] as const;

/** `unknown` until the server has said whether it asks for a key; `open` where it does not, or cannot be reached. */
export type SessionState = 'unknown' | 'open' | 'signedIn' | 'signedOut';

export function useSession(): SessionState {
  const { data, isPending } = useQuery({
    queryKey: sessionKey,
    queryFn: ({ signal }) => fetchSession(signal),
    staleTime: 60_000,
  });
  if (isPending) return 'unknown';
  if (data?.required !== true) return 'open';
  return data.signedIn ? 'signedIn' : 'signedOut';
}

/** Nothing where no key is asked for. */
export function SignOut(): ReactNode {
  const text = useMessages();
  const client = useQueryClient();
  const session = useSession();
  if (session !== 'signedIn') return null;
  const leave = async (): Promise<void> => {
    await signOut();
    client.clear();
    location.reload();
  };
  return (
    <button
      type="button"
      className="tool"
      data-testid="sign-out"
      aria-label={text.signOut}
      title={text.signOut}
      onClick={() => void leave()}
    >
      <Icon name="signOut" />
    </button>
  );
}
