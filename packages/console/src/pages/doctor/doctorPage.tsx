import type { DoctorResponse } from '@maru/api';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { fetchDiagnosis } from '../../api/maru.ts';
import { useMessages, useNotation } from '../../app/preferences.tsx';
import { useRefreshMillis } from '../../app/range.ts';
import { Notice } from '../../components/notice.tsx';
import { QueryError } from '../../components/queryError.tsx';
import { byPlace } from '../../model/findings.ts';
import { formatClock } from '../../model/format.ts';
import '../../styles/doctor.css';
import { FindingCard } from './findingCard.tsx';
import { Gaps } from './gaps.tsx';

const usualRefreshMillis = 15_000;

/** What the doctor finds in the stack, on its machine and in its cluster, kept up to date while the page is in sight. */
export function DoctorPage(): ReactNode {
  const text = useMessages();
  const { data, error } = useQuery({
    queryKey: ['doctor'],
    queryFn: ({ signal }) => fetchDiagnosis(signal),
    refetchInterval: useRefreshMillis(usualRefreshMillis),
  });
  return (
    <div className="page doctor">
      <title>{`${text.doctor} · Maru`}</title>
      <Head diagnosis={data} />
      <QueryError error={error} />
      {data && <Findings diagnosis={data} />}
      {data && <Gaps gaps={data.gaps} />}
      {!data && !error && <p className="faint">{text.loading}…</p>}
    </div>
  );
}

function Head({ diagnosis }: { readonly diagnosis: DoctorResponse | undefined }): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  return (
    <div className="page-head">
      <h1>{text.doctor}</h1>
      {diagnosis && (
        <span className="faint" data-testid="doctor-scope">
          {diagnosis.cluster === ''
            ? text.doctorScopeStack
            : text.doctorScopeCluster(diagnosis.cluster, diagnosis.seen.pods, diagnosis.seen.nodes)}
          {' · '}
          <span className="number">{formatClock(diagnosis.lookedUnixMillis, notation)}</span>
        </span>
      )}
    </div>
  );
}

function Findings({ diagnosis }: { readonly diagnosis: DoctorResponse }): ReactNode {
  const text = useMessages();
  const { about } = useSearch({ from: '/doctor' });
  const { findings, status } = diagnosis;
  if (findings.length === 0)
    return <Notice title={status === 'healthy' ? text.doctorHealthy : text.doctorCouldNotLook} />;
  return (
    <ol className="findings">
      {byPlace(findings, about).map((finding) => (
        <FindingCard
          key={`${finding.id} ${finding.about} ${finding.subjects.join(' ')}`}
          finding={finding}
          isMeant={about !== undefined && finding.about === about}
        />
      ))}
    </ol>
  );
}
