import { hub, pod, sleeping } from './objects.ts';
import { podViews, type Scenario } from './scenario.ts';

type Fields = Readonly<Record<string, unknown>>;

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
