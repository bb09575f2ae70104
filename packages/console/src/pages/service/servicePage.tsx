import type { ServiceSummary } from '@maru/api';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { fetchServices } from '../../api/maru.ts';
import { useMessages } from '../../app/preferences.tsx';
import { useRangedQuery, useRefreshMillis } from '../../app/range.ts';
import { Dot } from '../../components/dot.tsx';
import { Icon } from '../../components/icon.tsx';
import { QueryError } from '../../components/queryError.tsx';
import { serviceColors } from '../../model/palette.ts';
import '../../styles/service.css';
import { Operations } from './operations.tsx';
import { RecentTraces } from './recentTraces.tsx';
import { RedCharts } from './redCharts.tsx';

const refreshMillis = 10_000;

/** One service: rate, errors and duration over time, its operations, and its latest traces and errors. */
export function ServicePage(): ReactNode {
  const { service } = useParams({ from: '/services/$service' });
  const refresh = useRefreshMillis(refreshMillis);
  const services = useRangedQuery({ key: ['services'], fetch: fetchServices, refreshMillis: refresh });
  const range = services.data?.range;
  return (
    <div className="page" data-testid="service-page">
      <title>{`${service} · Maru`}</title>
      <ServiceHead service={service} all={services.data?.value ?? []} />
      <QueryError error={services.error} />
      {range && <RedCharts points={pointsOf(services.data?.value, service)} range={range} />}
      <div className="service-columns">
        <Operations service={service} refreshMillis={refresh} />
        <RecentTraces service={service} refreshMillis={refresh} />
      </div>
    </div>
  );
}

function pointsOf(services: readonly ServiceSummary[] | undefined, name: string): ServiceSummary['points'] {
  return services?.find((service) => service.name === name)?.points ?? [];
}

function ServiceHead({
  service,
  all,
}: {
  readonly service: string;
  readonly all: readonly ServiceSummary[];
}): ReactNode {
  const text = useMessages();
  const color = serviceColors([service, ...all.map(({ name }) => name)]).get(service);
  return (
    <header className="page-head">
      <h1 className="telemetry">
        <Dot color={color} /> {service}
      </h1>
      <span className="page-actions">
        <Link to="/traces" search={{ service }} className="button">
          <Icon name="traces" /> {text.showTraces}
        </Link>
        <Link to="/logs" search={{ service }} className="button" data-testid="service-logs">
          <Icon name="logs" /> {text.showLogs}
        </Link>
      </span>
    </header>
  );
}
