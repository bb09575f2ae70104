import type { ReactNode } from 'react';

/** The colour of a service or series beside its name. */
export function Dot({ color }: { readonly color: string | undefined }): ReactNode {
  return (
    <span className="dot" aria-hidden="true" style={{ background: color ? `var(${color})` : undefined }} />
  );
}
