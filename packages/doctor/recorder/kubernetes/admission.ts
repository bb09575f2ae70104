import { createServer } from 'node:https';
import { certificateFor } from '../../src/testing/certificate.ts';
import { until } from '../tools/wait.ts';
import { apply, kubectl, written } from './kubectl.ts';
import { claim, container, deployment, pod, service, sleeping, tools } from './objects.ts';
import type { Scenario, View } from './scenario.ts';

const ofReplicaSet: readonly View[] = [
  { args: 'describe replicaset', alsoOld: true },
  { args: 'get events' },
  { args: 'get replicasets,events -o json' },
];

const refused = /FailedCreate/;

function quota(hard: Readonly<Record<string, string>>): object {
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'team' }, spec: { hard } };
}

function requesting(resources: object): object {
  return { ...deployment([{ ...sleeping, resources }]) };
}

/** A webhook that is asked about the pods of one namespace. */
function webhook(clientConfig: object, namespace: string): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: `policies-${namespace}` },
    webhooks: [
      {
        name: 'pods.policies.example.com',
        clientConfig,
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        timeoutSeconds: 10,
      },
    ],
  };
}

const certificate = certificateFor('localhost');
const denying = createServer({ ...certificate }, (request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const review = JSON.parse(Buffer.concat(parts).toString()) as {
      readonly request: { readonly uid: string };
    };
    const status = {
      message: '[allowed-repos] container <api> has an image of a registry that is not allowed',
    };
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: { uid: review.request.uid, allowed: false, status },
      }),
    );
  });
});

const policy = [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'images-by-digest' },
    spec: {
      matchConstraints: {
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
        ],
      },
      validations: [
        {
          expression: "object.spec.containers.all(one, one.image.contains('@'))",
          message: 'an image must be named by its digest',
        },
      ],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'images-by-digest' },
    spec: {
      policyName: 'images-by-digest',
      validationActions: ['Deny'],
      matchResources: { namespaceSelector: { matchLabels: { images: 'by-digest' } } },
    },
  },
];

/** The API server refuses. */
export const admission: readonly Scenario[] = [
  {
    name: 'a quota that is used up',
    fires: ['quota-exceeded'],
    unlike: ['schedule-cpu', 'quota-wants-requests'],
    objects: [quota({ 'requests.cpu': '1' }), requesting({ requests: { cpu: '1500m' } })],
    shows: refused,
    views: ofReplicaSet,
  },
  {
    name: 'a quota on what the pod does not name',
    fires: ['quota-wants-requests'],
    unlike: ['quota-exceeded'],
    objects: [quota({ 'limits.cpu': '4', 'requests.memory': '4Gi' }), requesting({})],
    shows: refused,
    views: ofReplicaSet,
  },
  {
    name: 'more memory than a container may have',
    fires: ['limit-range'],
    unlike: ['quota-exceeded', 'schedule-memory'],
    objects: [
      {
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata: { name: 'sizes' },
        spec: { limits: [{ type: 'Container', max: { memory: '512Mi' } }] },
      },
      requesting({ limits: { memory: '1Gi' } }),
    ],
    shows: refused,
    views: ofReplicaSet,
  },
  {
    name: 'less CPU than a container must have',
    fires: ['limit-range'],
    objects: [
      {
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata: { name: 'sizes' },
        spec: { limits: [{ type: 'Container', min: { cpu: '200m' } }] },
      },
      requesting({ requests: { cpu: '100m' }, limits: { cpu: '100m' } }),
    ],
    shows: refused,
    views: ofReplicaSet,
  },
  {
    name: 'a namespace that enforces restricted pods',
    fires: ['pod-security'],
    unlike: ['run-as-root', 'webhook-denied'],
    labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
    objects: [deployment([sleeping])],
    shows: refused,
    views: ofReplicaSet,
  },
  {
    name: 'a webhook whose service is gone',
    fires: ['webhook-unreachable'],
    unlike: ['webhook-denied', 'ingress-service-missing'],
    objects: [deployment([sleeping])],
    shows: refused,
    before: (namespace) =>
      apply([webhook({ service: { namespace: 'policies', name: 'webhook', path: '/check' } }, namespace)]),
    views: ofReplicaSet,
  },
  {
    name: 'a webhook that nothing listens for',
    fires: ['webhook-unreachable'],
    unlike: ['webhook-denied', 'connection-refused', 'otlp-refused'],
    objects: [deployment([sleeping])],
    shows: refused,
    before: (namespace) => apply([webhook({ url: 'https://127.0.0.1:9443/check' }, namespace)]),
    views: ofReplicaSet,
  },
  {
    name: 'a webhook whose certificate is of another authority',
    fires: ['webhook-unreachable'],
    unlike: ['webhook-denied', 'certificate-not-trusted', 'image-registry-certificate'],
    objects: [deployment([sleeping])],
    shows: refused,
    before: (namespace) => apply([webhook({ url: 'https://127.0.0.1:6443/check' }, namespace)]),
    views: ofReplicaSet,
  },
  {
    name: 'a webhook that says no',
    fires: ['webhook-denied'],
    unlike: ['webhook-unreachable'],
    objects: [deployment([sleeping])],
    shows: refused,
    before: async (namespace) => {
      await new Promise<void>((resolve) => denying.listen(9444, '127.0.0.1', resolve));
      const caBundle = Buffer.from(certificate.cert).toString('base64');
      apply([webhook({ url: 'https://localhost:9444/check', caBundle }, namespace)]);
    },
    after: () => {
      denying.close();
    },
    views: ofReplicaSet,
  },
  {
    name: 'a policy of the cluster that says no',
    fires: ['webhook-denied'],
    unlike: ['pod-security'],
    labels: { images: 'by-digest' },
    objects: [...policy, deployment([sleeping])],
    shows: refused,
    before: async (namespace) => {
      apply(policy);
      const attempt = ['run', 'attempt', '--image=tools', '--dry-run=server', '-n', namespace];
      await until('the policy to be in force', async () => /denied/.test(await kubectl(attempt)));
    },
    views: ofReplicaSet,
  },
  {
    name: 'a service account that nobody made',
    fires: ['service-account-missing'],
    unlike: ['rbac-forbidden'],
    objects: [deployment([sleeping], { serviceAccountName: 'api' })],
    shows: refused,
    views: ofReplicaSet,
  },
  {
    name: 'a priority class that nobody made',
    fires: ['priority-class-missing'],
    objects: [deployment([sleeping], { priorityClassName: 'high' })],
    shows: refused,
    views: ofReplicaSet,
  },
  {
    name: 'a developer without a role',
    fires: ['rbac-forbidden'],
    unlike: ['image-forbidden'],
    objects: [],
    shows: /./,
    views: [
      { args: 'get pods', user: 'developer' },
      { args: 'auth can-i --list', fires: [], user: 'developer' },
    ],
  },
  {
    name: 'a manifest of a kind that is gone',
    fires: ['api-version-unknown'],
    unlike: ['manifest-invalid'],
    objects: [],
    shows: /./,
    before: () =>
      written('/srv/ingress.json', {
        apiVersion: 'extensions/v1beta1',
        kind: 'Ingress',
        metadata: { name: 'board' },
        spec: {},
      }),
    views: [{ args: 'apply -f /srv/ingress.json', alsoOld: true }],
  },
  {
    name: 'a selector that was changed',
    fires: ['manifest-invalid'],
    unlike: ['service-selector-mismatch'],
    objects: [deployment([sleeping])],
    shows: /board-api/,
    before: () => written('/srv/changed.json', changedSelector()),
    views: [{ args: 'apply -f /srv/changed.json', alsoOld: true }],
  },
  {
    name: 'a limit below the request',
    fires: ['manifest-invalid'],
    unlike: ['limit-range', 'quota-exceeded'],
    objects: [],
    shows: /./,
    before: () => {
      const resources = { requests: { cpu: '500m' }, limits: { cpu: '200m' } };
      return written('/srv/limits.json', requesting(resources));
    },
    views: [{ args: 'apply -f /srv/limits.json' }],
  },
  {
    name: 'a namespace that only warns of what it does not restrict',
    fires: [],
    unlike: ['pod-security'],
    labels: { 'pod-security.kubernetes.io/warn': 'restricted' },
    objects: [],
    shows: /./,
    before: () => written('/srv/warned.json', deployment([sleeping])),
    views: [{ args: 'apply -f /srv/warned.json' }],
  },
  {
    name: 'everything that is taken',
    fires: [],
    unlike: ['manifest-invalid', 'quota-exceeded'],
    objects: [],
    shows: /./,
    before: () =>
      written('/srv/taken.json', {
        apiVersion: 'v1',
        kind: 'List',
        items: [
          service('board-api', { ports: [{ port: 80 }] }),
          claim('data'),
          pod([container('exit', { image: tools })]),
        ],
      }),
    views: [{ args: 'apply -f /srv/taken.json' }],
  },
];

function changedSelector(): object {
  const one = deployment([sleeping]) as { readonly spec: { readonly template: object } };
  const labels = { app: 'api' };
  const template = { ...one.spec.template, metadata: { labels } };
  return { ...one, spec: { ...one.spec, selector: { matchLabels: labels }, template } };
}
