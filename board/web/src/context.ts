import { createContext, useContext } from 'react';
import type { Api, Me } from './api/client.ts';
import type { Language, Translate } from './texts.ts';

/** What every page may use. */
export interface Board {
  readonly api: Api;
  readonly language: Language;
  readonly t: Translate;
  /** The account logged in; undefined for a visitor. */
  readonly me: Me | undefined;
  /** Asks the API again who is logged in. */
  readonly refreshMe: () => Promise<void>;
}

/** Provides the Board to the pages. */
export const BoardContext: React.Context<Board | undefined> = createContext<Board | undefined>(undefined);

/** The Board that the component stands in. */
export function useBoard(): Board {
  const board = useContext(BoardContext);
  if (!board) throw new Error('this component must stand inside BoardContext');
  return board;
}
