import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { fetchStatus } from '../../api/maru.ts';
import { useMessages } from '../../app/preferences.tsx';
import { CopyButton } from '../../components/copyButton.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { setupLines, setups } from '../../model/setupLines.ts';

/** Before the first item: the lines that send it, with this stack's real endpoint. */
export function Welcome(): ReactNode {
  const text = useMessages();
  const { data: status } = useQuery({ queryKey: ['status'], queryFn: ({ signal }) => fetchStatus(signal) });
  const [setup, setSetup] = useState<(typeof setups)[number]>('welcomeSdk');
  const endpoint = {
    host: location.hostname,
    httpPort: status?.otlpHttpPort ?? 4318,
    grpcPort: status?.otlpGrpcPort ?? 4317,
  };
  const lines = setupLines(setup, endpoint);
  return (
    <div className="page welcome" data-testid="welcome">
      <p className="waiting">
        <span className="pulse" aria-hidden="true" />
        <strong role="status">{text.welcome}</strong>
      </p>
      <p className="faint">{text.welcomeText}</p>
      <Segmented
        label={text.welcome}
        value={setup}
        options={setups.map((value) => ({ value, label: text[value] }))}
        onChange={setSetup}
      />
      <div className="snippet">
        <pre className="mono">{lines}</pre>
        <CopyButton value={lines} />
      </div>
    </div>
  );
}
