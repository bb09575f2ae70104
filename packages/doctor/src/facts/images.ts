import { listAt, type SeenObject, textAt } from '@maru/cluster';
import type { ImageReport } from '../evidence/model.ts';

/** What a registry told about an image. */
export function imageReportFrom({ value, where }: SeenObject): ImageReport {
  return {
    image: textAt(value, 'image'),
    wanted: textAt(value, 'platform'),
    platforms: listAt(value, 'platforms').map(String),
    finding: textAt(value, 'finding'),
    seen: textAt(value, 'seen'),
    where,
  };
}
