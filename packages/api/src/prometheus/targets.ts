import type { ScrapedTargets } from '../contract.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Handle } from '../http/router.ts';
import { successOf } from './envelope.ts';

const nothing: ScrapedTargets = { activeTargets: [], droppedTargets: [], droppedTargetCounts: {} };

type Targets = ApiDependencies['targets'];

/** `GET /api/v1/targets`: what is scraped, and what rules dropped. `state` and `scrapePool` choose. */
export function scrapedTargets(targets: Targets): Handle {
  return async ({ parameters }) => {
    const { activeTargets, droppedTargets, droppedTargetCounts } = (await targets?.()) ?? nothing;
    const state = parameters.get('state')?.toLowerCase() ?? '';
    const pool = parameters.get('scrapePool') ?? '';
    const isChosen = ({ scrapePool }: { readonly scrapePool: string }): boolean =>
      pool === '' || scrapePool === pool;
    return successOf({
      activeTargets: state === 'dropped' ? [] : activeTargets.filter(isChosen),
      droppedTargets: state === 'active' ? [] : droppedTargets.filter(isChosen),
      droppedTargetCounts,
    });
  };
}

/** `GET /api/v1/scrape_pools`: the names of the jobs. */
export function scrapePools(targets: Targets): Handle {
  return async () => {
    const { droppedTargetCounts } = (await targets?.()) ?? nothing;
    return successOf({ scrapePools: Object.keys(droppedTargetCounts).toSorted() });
  };
}
