import { type ReactNode, useMemo } from 'react';
import { queryVolume } from '../../api/loki.ts';
import { useMessages, useNotation } from '../../app/preferences.tsx';
import { useRangedQuery } from '../../app/range.ts';
import { Chart } from '../../components/chart/chart.tsx';
import { QueryError } from '../../components/queryError.tsx';
import { formatCount } from '../../model/format.ts';
import { type VolumeLevel, volumeByLevel } from '../../model/logVolume.ts';
import { type ResolvedRange, stepSeconds } from '../../model/timeRange.ts';

interface LogVolumeProps {
  readonly query: string;
  readonly refreshMillis: number | false;
}

const bars = 60;

/** How many lines of each level, over time: the shape of an incident is seen before any line is read. */
export function LogVolume({ query, refreshMillis }: LogVolumeProps): ReactNode {
  const text = useMessages();
  const notation = useNotation();
  const volume = useRangedQuery({
    key: ['volume', query],
    fetch: (range, signal) => fetchVolume(query, range, signal),
    refreshMillis,
  });
  const data = useMemo(
    () => volume.data && chartData(volume.data.value, volume.data.range, text.levelUnknown),
    [volume.data, text],
  );
  const total = (volume.data?.value.levels ?? []).reduce((sum, { total }) => sum + total, 0);
  return (
    <section className="card volume" data-testid="log-volume">
      <header className="card-head">
        <h2>{text.volume}</h2>
        <span className="faint small" data-testid="log-total">
          {volume.data && text.linesInRange(formatCount(total, notation))}
        </span>
      </header>
      <QueryError error={volume.error} />
      {data && (
        <Chart
          kind="bars"
          height={110}
          label={text.volume}
          data={data}
          format={(value) => formatCount(value, notation)}
        />
      )}
    </section>
  );
}

interface Volume {
  readonly times: readonly number[];
  readonly levels: readonly VolumeLevel[];
}

async function fetchVolume(query: string, range: ResolvedRange, signal: AbortSignal): Promise<Volume> {
  const step = stepSeconds(range, bars);
  return volumeByLevel(await queryVolume(query, range, step, signal), range, step);
}

function chartData({ times, levels }: Volume, range: ResolvedRange, unknown: string) {
  const series = levels.map(({ level, counts }) => ({
    label: level === 'unknown' ? unknown : level,
    color: `--level-${level}`,
    values: counts,
  }));
  return { times, series, ...range };
}
