import { type ReactNode, useCallback } from 'react';
import { useBoard } from '../context.ts';
import { ErrorNotice, Loading } from '../parts/notice.tsx';
import { Time } from '../parts/time.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { FaultSwitches } from './faults.tsx';

/** For admins: fault switches, accounts, and what the API says about itself. */
export function AdminPage(): ReactNode {
  const { t, me } = useBoard();
  if (!me?.is_admin) return <p className="empty">{t('adminOnly')}</p>;
  return (
    <>
      <FaultSwitches />
      <Users />
      <System />
    </>
  );
}

function Users(): ReactNode {
  const { api, t } = useBoard();
  const { value, error, reload } = useLoaded(useCallback(() => api.users(), [api]));
  return (
    <section className="card">
      <h2>{t('users')}</h2>
      <ErrorNotice error={error} retry={reload} />
      {value ? (
        <div className="scroll">
          <table data-testid="users">
            <thead>
              <tr>
                <th>{t('username')}</th>
                <th>{t('joined')}</th>
                <th className="number">{t('messages')}</th>
              </tr>
            </thead>
            <tbody>
              {value.users.map((user) => (
                <tr key={user.id}>
                  <td>
                    {user.username} {user.is_admin && <span className="tag">{t('isAdmin')}</span>}
                  </td>
                  <td>
                    <Time at={user.created_at} />
                  </td>
                  <td className="number">{user.messages}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        error === undefined && <Loading />
      )}
    </section>
  );
}

function System(): ReactNode {
  const { api, t } = useBoard();
  const { value, error, reload } = useLoaded(useCallback(() => api.info(), [api]));
  const facts = value && [
    [t('version'), `${value.service} ${value.version}`],
    [t('runtime'), value.runtime],
    [t('database'), value.database ?? t('away')],
    [t('pod'), value.pod],
    [t('node'), value.node],
  ];
  return (
    <section className="card">
      <h2>{t('system')}</h2>
      <ErrorNotice error={error} retry={reload} />
      <dl>
        {facts?.map(([name, fact]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{fact}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
