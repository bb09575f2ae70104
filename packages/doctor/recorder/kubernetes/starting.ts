import { container, deployment, pod, sleeping } from './objects.ts';
import { byStatus, podViews, type Scenario, type View } from './scenario.ts';

type Fields = Readonly<Record<string, unknown>>;

const backOff = /ImagePullBackOff|BackOff/;

/** A pull that fails for good: the table of pods shows a status and no cause. */
function pulling(
  name: string,
  image: string,
  fires: readonly string[],
  unlike: readonly string[],
  more: Fields = {},
): Scenario {
  return {
    name,
    fires,
    unlike,
    objects: [pod([{ name: 'api', image }], more)],
    shows: backOff,
    views: podViews(undefined, ['image-pull-failed']),
  };
}

const hub = 'hyunwoo.azurecr.io';
const missing = ['image-manifest-unknown'];

function login(host: string, password: string): object {
  const auths = {
    [host]: { username: 'someone', password, auth: Buffer.from(`someone:${password}`).toString('base64') },
  };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'registry-login' },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') },
  };
}

const withLogin = { imagePullSecrets: [{ name: 'registry-login' }] };

/** The image does not come. */
export const images: readonly Scenario[] = [
  {
    ...pulling(
      'an index for Arm alone',
      `${hub}/board-api:1.4`,
      ['image-platform'],
      ['schedule-cpu', ...missing],
    ),
    objects: [
      deployment([{ name: 'api', image: `${hub}/board-api:1.4`, resources: { requests: { cpu: '1500m' } } }]),
    ],
  },
  pulling('a tag that was not pushed', `${hub}/board-api:9.9`, missing, [
    'image-platform',
    'image-not-authorised',
  ]),
  pulling('a repository that does not exist', `${hub}/bord-api:1.4`, missing, ['image-platform']),
  pulling('no credential, Basic', 'basic.example.com/app:1', ['image-not-authorised'], missing),
  {
    ...pulling(
      'a wrong credential, Basic',
      'basic.example.com/app:1',
      ['image-credentials-refused'],
      missing,
      withLogin,
    ),
    fires: ['image-not-authorised'],
    objects: [
      login('basic.example.com', 'wrong'),
      pod([{ name: 'api', image: 'basic.example.com/app:1' }], withLogin),
    ],
  },
  pulling('no credential, token', 'token.example.com/app:1', ['image-not-authorised'], missing),
  {
    ...pulling(
      'a wrong credential, token',
      'token.example.com/app:1',
      ['image-credentials-refused'],
      missing,
      withLogin,
    ),
    objects: [
      login('token.example.com', 'wrong'),
      pod([{ name: 'api', image: 'token.example.com/app:1' }], withLogin),
    ],
  },
  pulling(
    'a token without the right',
    'scope.example.com/app:1',
    ['image-repository-private-or-missing'],
    missing,
  ),
  pulling('a firewall', 'firewall.example.com/app:1', ['image-forbidden'], ['image-not-authorised']),
  pulling('too many pulls', 'limit.example.com/app:1', ['image-rate-limit'], ['image-not-authorised']),
  pulling('a registry that is ill', 'ill.example.com/app:1', ['image-registry-unreachable'], missing),
  {
    ...pulling(
      'a pull secret that is not there',
      'basic.example.com/app:1',
      ['image-pull-secret-missing'],
      ['secret-missing'],
    ),
    objects: [
      pod([{ name: 'api', image: 'basic.example.com/app:1' }], { imagePullSecrets: [{ name: 'acr-login' }] }),
    ],
    follows: ['image-not-authorised'],
    shows: /FailedToRetrieveImagePullSecret[\s\S]*BackOff|BackOff[\s\S]*FailedToRetrieve/,
    views: podViews(),
  },
  pulling(
    'a name that does not exist',
    'hyunwo.azurecr.io/board-api:1.4',
    ['image-registry-unknown-host'],
    ['dns-name-unknown', ...missing],
  ),
  pulling(
    'a certificate of an own authority',
    'certificate.example.com/app:1',
    ['image-registry-certificate'],
    ['certificate-not-trusted'],
  ),
  pulling(
    'plain HTTP',
    'plain.example.com/app:1',
    ['image-registry-plain-http'],
    ['image-registry-unreachable'],
  ),
  pulling(
    'nothing listens',
    'refused.example.com/app:1',
    ['image-registry-unreachable'],
    ['connection-refused'],
  ),
  pulling(
    'a layer that is cut off',
    'damaged.example.com/app:1',
    ['image-layer-damaged'],
    ['image-disk-full'],
  ),
  {
    ...pulling('never pulled', `${hub}/board-api:dev`, ['image-never-pulled'], missing),
    objects: [pod([{ name: 'api', image: `${hub}/board-api:dev`, imagePullPolicy: 'Never' }])],
    shows: /ErrImageNeverPull/,
    views: podViews(undefined, ['image-never-pulled']),
  },
  {
    ...pulling('a name in capitals', 'Board/API:1', ['image-name-invalid'], missing),
    shows: /InspectFailed|InvalidImageName/,
    views: podViews(undefined, ['image-name-invalid']),
  },
];

const waiting = /CreateContainerConfigError|FailedMount/;
const fromMap = (name: string, key?: string): Fields =>
  key === undefined
    ? { envFrom: [{ configMapRef: { name } }] }
    : { env: [{ name: 'DB_HOST', valueFrom: { configMapKeyRef: { name, key } } }] };

function configured(
  name: string,
  fires: readonly string[],
  unlike: readonly string[],
  more: Fields,
  extra: Partial<Scenario> = {},
): Scenario {
  return {
    name,
    fires,
    unlike,
    objects: [pod([{ ...sleeping, ...more }])],
    shows: waiting,
    views: podViews(),
    ...extra,
  };
}

function mounted(volume: Fields): readonly object[] {
  return [
    pod([{ ...sleeping, volumeMounts: [{ name: 'config', mountPath: '/etc/board' }] }], {
      volumes: [{ name: 'config', ...volume }],
    }),
  ];
}

const map = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'board-config' },
  data: { 'nginx.conf': 'events {}', host: 'db' },
};
const startError = /StartError|RunContainerError|CreateContainerError|Failed/;

/** What the container needs before it can be made, and its first command. */
export const configuration: readonly Scenario[] = [
  configured(
    'a ConfigMap by environment',
    ['config-map-missing'],
    ['secret-missing'],
    fromMap('board-config'),
  ),
  {
    ...configured('a ConfigMap by volume', ['config-map-missing'], ['volume-mount-failed'], {}),
    objects: mounted({ configMap: { name: 'board-config' } }),
  },
  configured('a Secret by environment', ['secret-missing'], ['config-map-missing'], {
    envFrom: [{ secretRef: { name: 'db-login' } }],
  }),
  {
    ...configured(
      'a Secret by volume',
      ['secret-missing'],
      ['volume-mount-failed', 'config-map-missing'],
      {},
    ),
    objects: mounted({ secret: { secretName: 'board-tls' } }),
  },
  configured(
    'a key that the ConfigMap lacks',
    ['config-key-missing'],
    ['config-map-missing'],
    fromMap('board-config', 'db_host'),
    {
      objects: [map, pod([{ ...sleeping, ...fromMap('board-config', 'db_host') }])],
    },
  ),
  {
    ...configured('a key that the volume wants', ['config-key-missing'], ['config-map-missing'], {}),
    objects: [
      map,
      ...mounted({ configMap: { name: 'board-config', items: [{ key: 'app.ini', path: 'app.ini' }] } }),
    ],
  },
  configured('root, where that is forbidden', ['run-as-root'], ['user-not-numeric'], {
    securityContext: { runAsNonRoot: true },
  }),
  configured('a user by name', ['user-not-numeric'], ['run-as-root'], {
    image: `${hub}/named-user:1`,
    securityContext: { runAsNonRoot: true },
  }),
  {
    ...configured(
      'a command that is not there',
      ['command-not-found'],
      ['command-not-executable', 'module-missing'],
      {
        command: ['nodd', 'server.js'],
      },
    ),
    shows: startError,
  },
  {
    ...configured('a path that is not there', ['command-not-found'], ['command-not-executable'], {
      command: ['/app/server'],
    }),
    shows: startError,
  },
  {
    ...configured('a command that may not be executed', ['command-not-executable'], ['command-not-found'], {
      image: `${hub}/not-executable:1`,
      command: ['/app/start'],
    }),
    shows: startError,
  },
  {
    ...configured(
      'a working directory that is a file',
      ['working-directory-missing'],
      ['command-not-found'],
      {
        workingDir: '/bin/busybox',
      },
    ),
    shows: startError,
  },
  {
    ...configured('a directory over a file', ['mount-over-file'], ['volume-mount-failed'], {}),
    objects: [
      pod([{ ...sleeping, volumeMounts: [{ name: 'config', mountPath: '/bin/busybox' }] }], {
        volumes: [{ name: 'config', emptyDir: {} }],
      }),
    ],
    shows: startError,
  },
  {
    ...configured('a limit in which nothing starts', ['memory-limit-too-small-to-start'], ['out-of-memory'], {
      resources: { limits: { memory: '256Ki' } },
    }),
    shows: startError,
  },
];

const restarted = /CrashLoopBackOff/;
const log: View = { args: 'logs board-api', fires: [] };

function crashing(
  name: string,
  script: string,
  fires: readonly string[],
  more: Partial<Scenario> = {},
): Scenario {
  return {
    name,
    fires,
    objects: [pod([container(script)])],
    shows: restarted,
    seconds: 90,
    views: [...podViews(), { args: 'get pods', fires: byStatus }],
    ...more,
  };
}

/** Only the pod tells how it ended; its events say that it is put off. */
function ended(
  name: string,
  script: string,
  fires: readonly string[],
  more: Partial<Scenario> = {},
): Scenario {
  return crashing(name, script, fires, {
    views: [
      { args: 'describe pod', alsoOld: true },
      { args: 'get pods,events -o json' },
      { args: 'get events', fires: ['crash-loop'] },
      { args: 'get pods', fires: byStatus },
    ],
    ...more,
  });
}

/** Ends of containers that ran. */
export const running: readonly Scenario[] = [
  ended('a memory limit', 'exec dd if=/dev/zero of=/dev/null bs=200M', ['out-of-memory'], {
    objects: [
      pod([
        container('exec dd if=/dev/zero of=/dev/null bs=200M', { resources: { limits: { memory: '30Mi' } } }),
      ]),
    ],
    unlike: ['exited-with-error', 'killed-without-out-of-memory', 'schedule-memory'],
  }),
  ended('a segmentation fault', 'sleep 1000 & kill -SEGV $!; wait $!', ['segmentation-fault'], {
    unlike: ['exited-with-error'],
  }),
  ended(
    'a kill that is none for memory',
    'sleep 1000 & kill -KILL $!; wait $!',
    ['killed-without-out-of-memory'],
    {
      unlike: ['out-of-memory'],
    },
  ),
  ended('a program that is done', 'echo done', ['ends-by-itself'], {
    unlike: ['exited-with-error'],
    views: [{ args: 'get pods,events -o json' }, { args: 'get pods', fires: byStatus }],
  }),
  ended('an error without a word', 'exit 1', ['exited-with-error'], {
    unlike: ['out-of-memory', 'image-platform'],
  }),
  ended('an init container', 'exit 0', ['init-container-failed'], {
    objects: [
      pod([sleeping], { initContainers: [{ ...container('echo no migrations; exit 3'), name: 'migrate' }] }),
    ],
    unlike: ['exited-with-error'],
    views: [
      { args: 'describe pod', alsoOld: true },
      { args: 'get pods,events -o json' },
      { args: 'get pods' },
    ],
  }),
  {
    ...crashing('a binary for Arm in a plain manifest', '', ['image-platform'], {
      unlike: ['script-without-interpreter'],
    }),
    objects: [pod([{ name: 'api', image: `${hub}/board-api:1.4-plain` }])],
    views: [
      { args: 'logs board-api', fires: ['image-platform'] },
      { args: 'describe pod', fires: ['exited-with-error'] },
    ],
  },
  {
    ...crashing('a script without its first line', '', ['script-without-interpreter'], {
      unlike: ['image-platform'],
    }),
    objects: [pod([{ name: 'api', image: `${hub}/no-shebang:1`, command: ['/entrypoint.sh'] }])],
    views: [{ args: 'logs board-api' }],
  },
  {
    ...crashing('a command that the shell does not know', 'node server.js', ['command-not-found'], {
      unlike: ['image-platform'],
    }),
    views: [{ args: 'logs board-api' }],
  },
  {
    ...crashing('a job that takes too long', '', ['deadline-exceeded']),
    objects: [
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'migrate' },
        spec: {
          activeDeadlineSeconds: 2,
          template: { spec: { restartPolicy: 'Never', containers: [sleeping] } },
        },
      },
    ],
    shows: /DeadlineExceeded/,
    views: [
      { args: 'describe job', alsoOld: true },
      { args: 'get events' },
      { args: 'get jobs,events -o json' },
    ],
  },
  {
    ...crashing('a rollout that takes too long', '', ['deadline-exceeded']),
    objects: [slowRollout()],
    shows: /ProgressDeadlineExceeded|0\/1/,
    seconds: 5,
    views: [
      { args: 'rollout status deployment board-api --timeout=20s', fires: ['deadline-exceeded'] },
      { args: 'get deployments -o json' },
    ],
  },
  {
    ...crashing('a healthy pod', 'echo Server listening at http://0.0.0.0:5000; exec sleep 100000', [], {
      unlike: ['crash-loop', 'not-ready', 'exited-with-error'],
    }),
    shows: /Started/,
    views: [...podViews(), { args: 'get pods -o wide', fires: [] }, log],
  },
];

function slowRollout(): object {
  const one = deployment([{ ...sleeping, readinessProbe: { exec: { command: ['cat', '/ready'] } } }]) as {
    readonly spec: object;
  };
  return { ...one, spec: { ...one.spec, progressDeadlineSeconds: 10, minReadySeconds: 1 } };
}

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
