import type { ReactNode } from 'react';
import { followLink } from '../router.ts';

interface LinkProps {
  readonly to: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly testId?: string;
}

/** A link within the application. */
export function Link({ to, children, className, testId }: LinkProps): ReactNode {
  return (
    <a href={to} onClick={followLink} className={className} data-testid={testId}>
      {children}
    </a>
  );
}
