import { container, deployment, hub, pod, sleeping } from './objects.ts';
import { byStatus, podViews, type Scenario, type View } from './scenario.ts';

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
