import type { ServiceSummary } from '@maru/api';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMessages, useNotation } from '../../app/preferences.tsx';
import { Dot } from '../../components/dot.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { formatDuration, formatRate, formatRatio } from '../../model/format.ts';
import { serviceColors } from '../../model/palette.ts';
import { servicePoints } from '../../model/servicePoints.ts';
import { type SortColumn, sortServices } from '../../model/serviceSort.ts';
import type { ResolvedRange } from '../../model/timeRange.ts';

/** Errors beyond this ratio are marked. */
const notableErrorRatio = 0.01;

interface ServiceTableProps {
  readonly services: readonly ServiceSummary[];
  readonly range: ResolvedRange;
}

/** Every service with rate, errors and durations, sorted by the column of choice. */
export function ServiceTable({ services, range }: ServiceTableProps): ReactNode {
  const text = useMessages();
  const { sort = '-rate' } = useSearch({ from: '/' });
  const colors = serviceColors(services.map((service) => service.name));
  return (
    <div className="table-scroll">
      <table className="table services" data-testid="services">
        <thead>
          <tr>
            <SortHeader column="name" sort={sort} label={text.service} />
            <SortHeader column="rate" sort={sort} label={text.rate} isNumber />
            <SortHeader column="errors" sort={sort} label={text.errors} isNumber />
            <SortHeader column="p50" sort={sort} label="p50" isNumber />
            <SortHeader column="p95" sort={sort} label="p95" isNumber />
            <SortHeader column="p99" sort={sort} label="p99" isNumber />
            <th scope="col">{text.trend}</th>
          </tr>
        </thead>
        <tbody>
          {sortServices(services, sort).map((service) => (
            <ServiceRow key={service.name} service={service} range={range} color={colors.get(service.name)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface SortHeaderProps {
  readonly column: SortColumn;
  readonly sort: string;
  readonly label: string;
  readonly isNumber?: boolean;
}

function SortHeader({ column, sort, label, isNumber = false }: SortHeaderProps): ReactNode {
  const navigate = useNavigate();
  const isChosen = sort.replace('-', '') === column;
  const isDescending = sort.startsWith('-');
  const next = isChosen ? (isDescending ? column : `-${column}`) : isNumber ? `-${column}` : column;
  const direction = isDescending ? 'descending' : 'ascending';
  return (
    <th scope="col" className={isNumber ? 'right' : undefined} aria-sort={isChosen ? direction : 'none'}>
      <button
        type="button"
        onClick={() => void navigate({ to: '/', search: (before) => ({ ...before, sort: next }) })}
      >
        {label}
        <span aria-hidden="true">{isChosen ? (isDescending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}

interface ServiceRowProps {
  readonly service: ServiceSummary;
  readonly range: ResolvedRange;
  readonly color: string | undefined;
}

function ServiceRow({ service, range, color }: ServiceRowProps): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  const points = servicePoints(service.points, range);
  const duration = (nanos: string): string =>
    service.points.length === 0 ? '–' : formatDuration(Number(nanos));
  return (
    <tr data-testid="service-row" data-service={service.name}>
      <th scope="row">
        <Link to="/services/$service" params={{ service: service.name }} className="row-link" data-row>
          <Dot color={color} />
          <span className="telemetry">{service.name}</span>
        </Link>
      </th>
      <td className="right number" data-label={text.rate}>
        {formatRate(service.requestsPerSecond, notation)}
      </td>
      <td
        className={service.errorRatio > notableErrorRatio ? 'right number bad' : 'right number'}
        data-label={text.errors}
      >
        {formatRatio(service.errorRatio, notation)}
      </td>
      <td className="right number" data-label="p50">
        {duration(service.p50Nanos)}
      </td>
      <td className="right number" data-label="p95">
        {duration(service.p95Nanos)}
      </td>
      <td className="right number" data-label="p99">
        {duration(service.p99Nanos)}
      </td>
      <td className="trend">
        <Sparkline
          values={points.map((point) => point.requestsPerSecond)}
          errors={points.map((point) => point.errorsPerSecond)}
        />
      </td>
    </tr>
  );
}
