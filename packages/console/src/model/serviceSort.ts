/** What the services are sorted by. */
export type SortColumn = 'name' | 'rate' | 'errors' | 'p50' | 'p95' | 'p99';

/** The fields of a service that sorting reads; durations are nanoseconds as decimal text. */
export interface SortableService {
  readonly name: string;
  readonly requestsPerSecond: number;
  readonly errorRatio: number;
  readonly p50Nanos: string;
  readonly p95Nanos: string;
  readonly p99Nanos: string;
}

const figures: Readonly<Record<Exclude<SortColumn, 'name'>, (service: SortableService) => number>> = {
  rate: (service) => service.requestsPerSecond,
  errors: (service) => service.errorRatio,
  p50: (service) => Number(service.p50Nanos),
  p95: (service) => Number(service.p95Nanos),
  p99: (service) => Number(service.p99Nanos),
};

/** The services by a column, descending with a leading `-`; equal ones by name. An unknown column sorts by name. */
export function sortServices<Service extends SortableService>(
  services: readonly Service[],
  sort: string,
): readonly Service[] {
  const isDescending = sort.startsWith('-');
  const figure = figures[sort.replace('-', '') as keyof typeof figures];
  const sign = isDescending ? -1 : 1;
  const byName = (a: Service, b: Service): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  if (!figure) return services.toSorted((a, b) => sign * byName(a, b));
  return services.toSorted((a, b) => sign * (figure(a) - figure(b)) || byName(a, b));
}
