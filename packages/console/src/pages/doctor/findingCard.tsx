import type { DoctorFinding } from '@maru/api';
import { type ReactNode, useEffect, useRef } from 'react';
import { useMessages, usePreferences } from '../../app/preferences.tsx';
import { CopyButton } from '../../components/copyButton.tsx';

const shownSubjects = 6;

interface FindingCardProps {
  readonly finding: DoctorFinding;
  /** A link led here: it is brought into sight. */
  readonly isMeant: boolean;
}

/** One cause: the sentence, where, why, what it rests on, what it is not, and what to do. */
export function FindingCard({ finding, isMeant }: FindingCardProps): ReactNode {
  const text = useMessages();
  const { language } = usePreferences();
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isMeant) card.current?.scrollIntoView({ block: 'nearest' });
  }, [isMeant]);
  return (
    <li
      ref={card}
      className="card finding"
      data-certainty={finding.certainty}
      data-testid="finding"
      data-finding={finding.id}
      data-meant={isMeant || undefined}
    >
      <div className="finding-head">
        <h2>{finding.title[language]}</h2>
        <span className="badge">{text.certainty[finding.certainty]}</span>
        <code className="faint small">{finding.id}</code>
      </div>
      <Subjects subjects={finding.subjects} />
      <p>{finding.why[language]}</p>
      <Evidence finding={finding} />
      <Reasons head={text.doctorRuledOut} finding={finding} />
      <Fix finding={finding} />
      <Follows finding={finding} />
    </li>
  );
}

function Subjects({ subjects }: { readonly subjects: readonly string[] }): ReactNode {
  const more = subjects.length - shownSubjects;
  if (subjects.length === 0) return null;
  return (
    <p className="small faint telemetry">
      {subjects.slice(0, shownSubjects).join(', ')}
      {more > 0 && ` +${more}`}
    </p>
  );
}

function Evidence({ finding }: { readonly finding: DoctorFinding }): ReactNode {
  const text = useMessages();
  return (
    <section>
      <h3 className="small">{text.doctorEvidence}</h3>
      <ul className="finding-evidence">
        {finding.evidence.map(({ where, text: said }) => (
          <li key={`${where} ${said}`}>
            <span className="faint small">{where}</span>
            <q className="telemetry mono">{said}</q>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Reasons({ head, finding }: { readonly head: string; readonly finding: DoctorFinding }): ReactNode {
  const { language } = usePreferences();
  if (finding.ruledOut.length === 0) return null;
  return (
    <section>
      <h3 className="small">{head}</h3>
      <ul className="finding-list">
        {finding.ruledOut.map(({ name, why }) => (
          <li key={name.en}>
            <strong>{name[language]}</strong>: {why[language]}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Fix({ finding }: { readonly finding: DoctorFinding }): ReactNode {
  const text = useMessages();
  const { language } = usePreferences();
  return (
    <section>
      <h3 className="small">{text.doctorFix}</h3>
      {finding.fix.map(({ say, run }) => (
        <div key={`${say?.en} ${run}`}>
          {say && <p>{say[language]}</p>}
          {run && (
            <div className="finding-command">
              <code>{run}</code>
              <CopyButton value={run} />
            </div>
          )}
        </div>
      ))}
    </section>
  );
}

function Follows({ finding }: { readonly finding: DoctorFinding }): ReactNode {
  const text = useMessages();
  const { language } = usePreferences();
  if (finding.follows.length === 0) return null;
  return (
    <section>
      <h3 className="small">{text.doctorFollows}</h3>
      <ul className="finding-list">
        {finding.follows.map(({ id, title, subjects }) => (
          <li key={`${id} ${title.en} ${subjects.join(' ')}`}>{title[language]}</li>
        ))}
      </ul>
    </section>
  );
}
