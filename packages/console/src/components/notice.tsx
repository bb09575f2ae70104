import type { ReactNode } from 'react';

interface NoticeProps {
  readonly title: string;
  readonly detail?: string | undefined;
  readonly tone?: 'plain' | 'error';
  readonly children?: ReactNode;
}

/** What stands where content would: nothing found, or a failure with its sentence and a way on. */
export function Notice({ title, detail, tone = 'plain', children }: NoticeProps): ReactNode {
  return (
    <div className="notice" data-tone={tone} role={tone === 'error' ? 'alert' : 'status'}>
      <strong>{title}</strong>
      {detail && <p className="telemetry">{detail}</p>}
      {children && <div className="notice-actions">{children}</div>}
    </div>
  );
}
