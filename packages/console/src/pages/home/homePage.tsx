import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { fetchServices } from '../../api/maru.ts';
import { useLedger } from '../../app/deliveryStrip.tsx';
import { useMessages, useNotation } from '../../app/preferences.tsx';
import { useRangedQuery, useRefreshMillis, useSetRange } from '../../app/range.ts';
import { Notice } from '../../components/notice.tsx';
import { QueryError } from '../../components/queryError.tsx';
import { formatCount } from '../../model/format.ts';
import '../../styles/home.css';
import { ServiceTable } from './serviceTable.tsx';
import { Welcome } from './welcome.tsx';

/** How often Home asks by itself: often while nothing has come yet, so that the first item shows at once. */
const refreshMillis = { waiting: 2000, usual: 10_000 };

/** The services and how they fare; before the first item, how to send it. */
export function HomePage(): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  const { data: ledger } = useLedger();
  const isUntouched =
    ledger !== undefined && Object.values(ledger.signals).every((counts) => counts.received === '0');
  const refresh = useRefreshMillis(refreshMillis.usual);
  const services = useRangedQuery({
    key: ['services'],
    fetch: fetchServices,
    refreshMillis: isUntouched ? refreshMillis.waiting : refresh,
  });
  const found = services.data?.value;
  if (found?.length === 0) return isUntouched ? <Welcome /> : <NoServices />;
  return (
    <div className="page">
      <title>{`${text.services} · Maru`}</title>
      <header className="page-head">
        <h1>{text.services}</h1>
        {found && <span className="faint">{text.servicesCount(formatCount(found.length, notation))}</span>}
      </header>
      <QueryError error={services.error} />
      {services.data && <ServiceTable services={services.data.value} range={services.data.range} />}
      {!found && !services.error && <p className="faint">{text.loading}…</p>}
    </div>
  );
}

function NoServices(): ReactNode {
  const text = useMessages();
  const setRange = useSetRange();
  return (
    <Notice title={text.noServices}>
      <button type="button" className="button" onClick={() => setRange({ from: 'now-24h', to: 'now' })}>
        {text.wider}
      </button>
      <Link to="/logs" className="button">
        {text.logs}
      </Link>
      <Link to="/charts" className="button">
        {text.metrics}
      </Link>
    </Notice>
  );
}
