import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { startRegistries } from '../kubernetes/registries.ts';
import { Daemon } from '../tools/daemon.ts';
import { inTurn } from '../tools/in-turn.ts';
import { startNameServer } from '../tools/name-server.ts';
import { outputOf } from '../tools/output.ts';
import { programAt } from '../tools/places.ts';
import { type Recording, writeRecordings } from '../tools/recording.ts';
import { until } from '../tools/wait.ts';

interface Pulled {
  readonly title: string;
  readonly host: string;
  readonly path: string;
  readonly fires: readonly string[];
  readonly unlike?: readonly string[];
}

const pulls: readonly Pulled[] = [
  {
    title: 'an index for Arm alone',
    host: 'hyunwoo.azurecr.io',
    path: 'board-api:1.4',
    fires: ['image-platform'],
    unlike: ['image-manifest-unknown'],
  },
  {
    title: 'a tag that was not pushed',
    host: 'hyunwoo.azurecr.io',
    path: 'board-api:9.9',
    fires: ['image-manifest-unknown'],
    unlike: ['image-platform'],
  },
  {
    title: 'no credential',
    host: 'basic.example.com',
    path: 'app:1',
    fires: ['image-not-authorised'],
    unlike: ['image-manifest-unknown'],
  },
  {
    title: 'a firewall',
    host: 'firewall.example.com',
    path: 'app:1',
    fires: ['image-forbidden'],
    unlike: ['image-not-authorised'],
  },
  {
    title: 'too many pulls',
    host: 'limit.example.com',
    path: 'app:1',
    fires: ['image-rate-limit'],
    unlike: ['image-not-authorised'],
  },
  {
    title: 'a certificate of an own authority',
    host: 'certificate.example.com',
    path: 'app:1',
    fires: ['image-registry-certificate'],
    unlike: ['certificate-not-trusted'],
  },
  {
    title: 'plain HTTP',
    host: 'plain.example.com',
    path: 'app:1',
    fires: ['image-registry-plain-http'],
    unlike: ['otlp-tls-to-plain'],
  },
  {
    title: 'nothing listens',
    host: 'refused.example.com',
    path: 'app:1',
    fires: ['image-registry-unreachable'],
    unlike: ['connection-refused'],
  },
  {
    title: 'a name that does not exist',
    host: 'hyunwo.azurecr.io',
    path: 'board-api:1.4',
    fires: ['image-registry-unknown-host'],
    unlike: ['dns-name-unknown'],
  },
];

type Puller = (image: string) => Promise<string>;

/** Where a tool of containers/image finds the registries of those names. */
function writeRegistriesConf(mirrors: Readonly<Record<string, string>>): void {
  const entries = Object.entries(mirrors).map(([host, url]) => {
    const { protocol, host: location } = new URL(url);
    return `[[registry]]\nprefix = "${host}"\nlocation = "${location}"\ninsecure = ${protocol === 'http:'}\n`;
  });
  writeFileSync('/srv/registries.conf', entries.join('\n'));
  writeFileSync('/srv/policy.json', '{"default":[{"type":"insecureAcceptAnything"}]}');
  writeFileSync('/srv/reject.json', '{"default":[{"type":"reject"}]}');
  const signed = { type: 'signedBy', keyType: 'GPGKeys', keyPath: '/srv/key.gpg' };
  writeFileSync('/srv/signed.json', JSON.stringify({ default: [signed] }));
}

const storage = ['--root=/srv/storage', '--runroot=/srv/storage-run', '--storage-driver=vfs'];
const env = { CONTAINERS_REGISTRIES_CONF: '/srv/registries.conf', XDG_RUNTIME_DIR: '/srv' };

const pullers: Readonly<Record<string, Puller>> = {
  skopeo: (image) =>
    outputOf(
      programAt('skopeo'),
      [
        '--policy=/srv/policy.json',
        '--registries-conf=/srv/registries.conf',
        'copy',
        `docker://${image}`,
        'dir:/srv/copied',
      ],
      { env },
    ),
  buildah: (image) =>
    outputOf(programAt('buildah'), [...storage, 'pull', '--signature-policy=/srv/policy.json', image], {
      env,
    }),
  podman: (image) =>
    outputOf(programAt('podman'), [...storage, 'pull', '--signature-policy=/srv/policy.json', image], {
      env,
    }),
  ctr: (image) =>
    outputOf(programAt('ctr'), [
      '--address=/srv/ctr/containerd.sock',
      'images',
      'pull',
      '--hosts-dir=/srv/certs.d',
      image,
    ]),
};

async function byAll(name: string, pull: Puller, isOld: boolean): Promise<readonly Recording[]> {
  // Tools of containers/image wait and try again for minutes where there were too many pulls, and say nothing meanwhile.
  const told = pulls.filter(({ host, title }) =>
    // From containerd 2 on, ctr pulls an index of any platform, and does not say that it has nothing to run.
    name === 'ctr' ? title !== pulls[0]?.title || isOld : host !== 'limit.example.com',
  );
  return inTurn(told, async ({ title, host, path, fires, unlike = [] }) => ({
    title: `${name}: ${title}`,
    fires,
    unlike,
    text: await pull(`${host}/${path}`),
  }));
}

async function otherwise(port: string): Promise<readonly Recording[]> {
  const image = 'hyunwoo.azurecr.io/tools:1';
  const copy = (policy: string, to: string): readonly string[] => [
    `--policy=/srv/${policy}.json`,
    '--registries-conf=/srv/registries.conf',
    'copy',
    `docker://${image}`,
    to,
  ];
  execFileSync('mkdir', ['-p', '/srv/small']);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', '/srv/small']);
  const arm = [
    '--tls-verify=false',
    '--signature-policy=/srv/policy.json',
    'hyunwoo.azurecr.io/board-api:1.4-plain',
  ];
  return [
    {
      title: 'skopeo: a policy that trusts nobody',
      fires: ['image-signature-refused'],
      text: await outputOf(programAt('skopeo'), copy('reject', 'dir:/srv/copied'), { env }),
    },
    {
      title: 'skopeo: a signature is demanded',
      fires: ['image-signature-refused'],
      text: await outputOf(programAt('skopeo'), copy('signed', 'dir:/srv/copied'), { env }),
    },
    {
      title: 'skopeo: no room',
      fires: ['image-disk-full'],
      unlike: ['disk-full', 'image-layer-damaged'],
      text: await outputOf(programAt('skopeo'), copy('policy', 'dir:/srv/small'), { env }),
    },
    {
      title: 'podman: an image for Arm in a plain manifest',
      fires: ['image-platform-warning'],
      unlike: ['image-platform'],
      text: await outputOf(programAt('podman'), [...storage, 'create', ...arm], { env }),
    },
    {
      title: 'curl without an Accept header',
      fires: ['image-client-too-old'],
      unlike: ['image-manifest-unknown'],
      text: await outputOf('curl', ['-s', '-H', 'Accept:', `${port}/v2/board-api/manifests/1.4`]),
    },
  ];
}

/** containerd with a disk that holds no image. */
async function withoutRoom(): Promise<Recording> {
  mkdirSync('/srv/tiny', { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1M', 'tmpfs', '/srv/tiny']);
  const daemon = await startContainerd('/srv/tiny', '/srv/tiny-state');
  const text = await outputOf(programAt('ctr'), [
    '--address=/srv/tiny-state/containerd.sock',
    'images',
    'pull',
    '--hosts-dir=/srv/certs.d',
    'hyunwoo.azurecr.io/tools:1',
  ]);
  await daemon.close('SIGKILL');
  return {
    title: 'ctr: no room',
    fires: ['image-disk-full'],
    unlike: ['disk-full', 'image-layer-damaged'],
    text,
  };
}

async function startContainerd(root: string, state: string): Promise<Daemon> {
  mkdirSync(state, { recursive: true });
  const file = `${state}/config.toml`;
  writeFileSync(
    file,
    `version = 2\nroot = "${root}"\nstate = "${state}/state"\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n[grpc]\n  address = "${state}/containerd.sock"\n`,
  );
  const daemon = new Daemon(programAt('containerd'), [`--config=${file}`], `${state}/log`);
  await until(
    'containerd',
    async () =>
      /Server:/.test(await outputOf(programAt('ctr'), [`--address=${state}/containerd.sock`, 'version'])),
    30,
  );
  return daemon;
}

/** Tools that pull images, from registries that refuse them. */
export async function record(): Promise<void> {
  const names = startNameServer();
  const registries = await startRegistries();
  writeRegistriesConf(registries.mirrors);
  for (const [host, server] of Object.entries(registries.mirrors)) {
    mkdirSync(`/srv/certs.d/${host}`, { recursive: true });
    writeFileSync(
      `/srv/certs.d/${host}/hosts.toml`,
      `server = "${server}"\n[host."${server}"]\n  capabilities = ["pull", "resolve"]\n`,
    );
  }
  const containerd = await startContainerd('/srv/ctr/root', '/srv/ctr');
  const containerdVersion = /v?(\d+\.\d+\.\d+)/.exec(
    await outputOf(programAt('containerd'), ['--version']),
  )?.[1];
  const all: Recording[] = [];
  for (const [name, pull] of Object.entries(pullers))
    all.push(...(await byAll(name, pull, containerdVersion?.startsWith('1.') === true)));
  all.push(...(await otherwise(registries.mirrors['hyunwoo.azurecr.io'] ?? '')), await withoutRoom());
  await containerd.close('SIGKILL');
  await registries.close();
  await names.close();
  const ofContainerd = ({ title }: Recording): boolean => title.startsWith('ctr: ');
  const others = all.filter((one) => !ofContainerd(one));
  writeRecordings(
    'registry-clients/pull.txt',
    'skopeo 1.9.3, buildah 1.28.2 and podman 4.3.1 from docker-registry 2.8.2',
    others,
  );
  writeRecordings(
    `containerd-${containerdVersion}/ctr.txt`,
    `ctr of containerd ${containerdVersion}`,
    all.filter(ofContainerd),
  );
}
