import { deployment, hub, pod } from './objects.ts';
import { podViews, type Scenario } from './scenario.ts';

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
