import { container, pod } from './objects.ts';
import { podViews, type Scenario } from './scenario.ts';

type Fields = Readonly<Record<string, unknown>>;

const port = 5000;
const readiness = (probe: Fields): Fields => ({ readinessProbe: { periodSeconds: 2, ...probe } });
const get = (path: string, more: Fields = {}): Fields => ({ httpGet: { path, port, ...more } });
const unhealthy = /Unhealthy/;
const httpd = 'mkdir -p /www && echo ok > /www/index.html && exec httpd -f -p 5000 -h /www';
const answering = (status: string): string =>
  `while true; do printf 'HTTP/1.1 ${status}\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n' | nc -l -p 5000; done`;

function probed(
  name: string,
  script: string,
  probe: Fields,
  fires: readonly string[],
  unlike: readonly string[],
): Scenario {
  return {
    name,
    fires,
    unlike,
    objects: [pod([container(script, probe)])],
    shows: unhealthy,
    views: [...podViews(), { args: 'get pods', fires: ['not-ready'] }],
  };
}

/** The container runs; the kubelet's question fails. */
export const probes: readonly Scenario[] = [
  probed(
    'nothing listens',
    'exec sleep 1000000',
    readiness(get('/healthz')),
    ['probe-refused'],
    ['connection-refused'],
  ),
  probed(
    'nothing listens, TCP',
    'exec sleep 1000000',
    readiness({ tcpSocket: { port } }),
    ['probe-refused'],
    ['probe-command-failed'],
  ),
  probed('no such path', httpd, readiness(get('/healthz')), ['probe-not-found'], ['otlp-not-found']),
  probed(
    'a login',
    answering('401 Unauthorized'),
    readiness(get('/')),
    ['probe-needs-login'],
    ['otlp-unauthorised'],
  ),
  probed(
    '503',
    answering('503 Service Unavailable'),
    readiness(get('/')),
    ['probe-server-error'],
    ['otlp-throttled'],
  ),
  {
    ...probed(
      'no answer in time',
      `${httpd.replace('exec httpd', 'httpd')} & sleep 1; kill -STOP $!; wait`,
      readiness(get('/')),
      ['probe-timeout'],
      ['probe-refused'],
    ),
    // It answers at first, and is taken for ready until it has failed three times.
    shows: /Unhealthy[\s\S]*0\/1\s+Running/,
  },
  probed(
    'HTTPS to plain HTTP',
    httpd,
    readiness(get('/', { scheme: 'HTTPS' })),
    ['probe-protocol'],
    ['otlp-tls-to-plain'],
  ),
  probed(
    'a command',
    'exec sleep 1000000',
    readiness({ exec: { command: ['cat', '/tmp/ready'] } }),
    ['probe-command-failed'],
    ['command-not-found'],
  ),
  {
    ...probed(
      'a liveness probe that kills',
      'exec sleep 1000000',
      { livenessProbe: { ...get('/healthz'), periodSeconds: 1, failureThreshold: 2 } },
      ['probe-refused'],
      ['exited-with-error', 'killed-without-out-of-memory'],
    ),
    follows: ['liveness-kills'],
    shows: /Killing/,
    views: [
      { args: 'describe pod', alsoOld: true },
      { args: 'get events' },
      { args: 'get pods,events -o json' },
    ],
  },
  {
    ...probed(
      'a hook',
      'exec sleep 1000000',
      { lifecycle: { postStart: { exec: { command: ['cat', '/no/such/file'] } } } },
      ['hook-failed'],
      ['probe-command-failed'],
    ),
    shows: /FailedPostStartHook/,
    views: podViews(),
  },
];
