import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from '@tanstack/react-router';
import { NotFound, PageFailed } from './failure.tsx';
import { parseSearch, stringifySearch } from './searchText.ts';
import { Shell } from './shell.tsx';
import {
  doctorState,
  homeState,
  logsState,
  metricsState,
  rangeState,
  traceState,
  tracesState,
} from './state.ts';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: rangeState,
  search: { middlewares: [retainSearchParams(['from', 'to', 'refresh'])] },
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: homeState,
  component: lazyRouteComponent(() => import('../pages/home/homePage.tsx'), 'HomePage'),
});

const service = createRoute({
  getParentRoute: () => root,
  path: '/services/$service',
  component: lazyRouteComponent(() => import('../pages/service/servicePage.tsx'), 'ServicePage'),
});

const traces = createRoute({
  getParentRoute: () => root,
  path: '/traces',
  validateSearch: tracesState,
  component: lazyRouteComponent(() => import('../pages/traces/tracesPage.tsx'), 'TracesPage'),
});

const trace = createRoute({
  getParentRoute: () => root,
  path: '/traces/$traceId',
  validateSearch: traceState,
  component: lazyRouteComponent(() => import('../pages/trace/tracePage.tsx'), 'TracePage'),
});

const logs = createRoute({
  getParentRoute: () => root,
  path: '/logs',
  validateSearch: logsState,
  component: lazyRouteComponent(() => import('../pages/logs/logsPage.tsx'), 'LogsPage'),
});

/** Not `/metrics`: there the server tells Prometheus about itself. */
const metrics = createRoute({
  getParentRoute: () => root,
  path: '/charts',
  validateSearch: metricsState,
  component: lazyRouteComponent(() => import('../pages/metrics/metricsPage.tsx'), 'MetricsPage'),
});

const doctor = createRoute({
  getParentRoute: () => root,
  path: '/doctor',
  validateSearch: doctorState,
  component: lazyRouteComponent(() => import('../pages/doctor/doctorPage.tsx'), 'DoctorPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([home, service, traces, trace, logs, metrics, doctor]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultErrorComponent: PageFailed,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
