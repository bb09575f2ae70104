import type { DoctorGap } from '@maru/api';
import type { ReactNode } from 'react';
import { useMessages, usePreferences } from '../../app/preferences.tsx';

/** What could not be seen; nothing when all could. */
export function Gaps({ gaps }: { readonly gaps: readonly DoctorGap[] }): ReactNode {
  const text = useMessages();
  const { language } = usePreferences();
  if (gaps.length === 0) return null;
  return (
    <section className="card" data-testid="doctor-gaps">
      <h2>{text.doctorGaps}</h2>
      <ul className="finding-list">
        {gaps.map((gap) => (
          <li key={gap.text.en}>{gap.text[language]}</li>
        ))}
      </ul>
    </section>
  );
}
