import { useCallback, useEffect, useState } from 'react';

/** What was asked for: on its way, here, or refused. While it is asked for again, the old value stays. */
export interface Loaded<Value> {
  readonly value: Value | undefined;
  readonly error: unknown;
  readonly reload: () => void;
  /** Puts a newer value that came by another way. */
  readonly put: (value: Value) => void;
}

/** Loads a value and again when `load` changes; wrap `load` in useCallback. Answers that come too late are dropped. */
export function useLoaded<Value>(load: () => Promise<Value>): Loaded<Value> {
  const [value, setValue] = useState<Value>();
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn is what makes it load again
  useEffect(() => {
    let current = true;
    setError(undefined);
    load().then(
      (loaded) => current && setValue(() => loaded),
      (reason: unknown) => current && setError(reason),
    );
    return () => {
      current = false;
    };
  }, [load, turn]);
  return {
    value,
    error,
    reload: useCallback(() => setTurn((before) => before + 1), []),
    put: useCallback((next: Value) => setValue(() => next), []),
  };
}
