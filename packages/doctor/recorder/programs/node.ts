import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTurn } from '../tools/in-turn.ts';
import { outputOf, type Running } from '../tools/output.ts';
import { nodeProgram, places } from '../tools/places.ts';
import { type Recording, writeRecordings } from '../tools/recording.ts';

/** Where an image would have its program. */
const app = '/srv/app';
const nobody = 65_534;

interface Program {
  readonly title: string;
  readonly fires: readonly string[];
  readonly unlike?: readonly string[];
  /** Files of the program, `main.js` among them unless `args` names another. */
  readonly files: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly running?: Running;
  /** Shell commands before it, in a mount and user namespace of its own. */
  readonly before?: string;
}

const wait = 'setTimeout(() => {}, 20000);';

const programs: readonly Program[] = [
  {
    title: 'a package that was not installed',
    fires: ['module-missing'],
    unlike: ['module-kind', 'native-module-platform'],
    files: { 'main.js': "require('express');" },
  },
  {
    title: 'a package that was not installed, ES modules',
    fires: ['module-missing'],
    files: { 'main.mjs': "import 'fastify';" },
    args: ['main.mjs'],
  },
  {
    title: 'the file that the image starts is not there',
    fires: ['module-missing'],
    files: {},
    args: ['dist/server.js'],
  },
  {
    title: 'import in CommonJS',
    fires: ['module-kind'],
    unlike: ['module-missing'],
    files: { 'main.cjs': "import http from 'node:http';" },
    args: ['main.cjs'],
  },
  {
    title: 'require in an ES module',
    fires: ['module-kind'],
    files: { 'main.mjs': "const http = require('node:http');" },
    args: ['main.mjs'],
  },
  {
    title: 'an ending that Node does not know',
    fires: ['module-kind'],
    files: { 'main.vue': '<template></template>', 'main.mjs': "import './main.vue';" },
    args: ['main.mjs'],
  },
  {
    title: 'a port that another process has',
    fires: ['address-in-use'],
    unlike: ['low-port-forbidden'],
    files: {
      'main.js':
        "const http = require('node:http'); for (const one of [1, 2]) http.createServer().listen(5000);",
    },
  },
  {
    title: 'port 80 without being root',
    fires: ['low-port-forbidden'],
    unlike: ['address-in-use', 'volume-not-writable'],
    files: { 'main.js': "require('node:http').createServer().listen(80, '0.0.0.0');" },
    running: { uid: nobody },
  },
  {
    title: 'a setting that is demanded by envalid',
    fires: ['setting-missing'],
    files: {
      'main.js':
        "const { cleanEnv, str } = require('envalid'); cleanEnv(process.env, { DATABASE_URL: str() });",
    },
    running: { env: { NODE_PATH: join(places.npm, 'node_modules'), NO_COLOR: '1' } },
  },
  {
    title: 'nothing listens at the database',
    fires: ['connection-refused'],
    unlike: ['otlp-refused', 'connection-timeout'],
    files: { 'main.js': "require('node:net').connect(3306, '127.0.0.1');" },
  },
  {
    title: 'packets to the database are dropped',
    fires: ['connection-timeout'],
    unlike: ['connection-refused'],
    files: { 'main.js': "require('node:net').connect(3306, '10.0.12.7');" },
  },
  {
    title: 'a name that does not exist',
    fires: ['dns-name-unknown'],
    unlike: ['dns-unreachable'],
    before: 'echo nameserver 127.0.0.1 > /srv/resolv.conf; mount --bind /srv/resolv.conf /etc/resolv.conf',
    files: {
      'server.js': `const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (query, from) => {
  const answer = Buffer.from(query);
  answer.writeUInt16BE(0x8183, 2);
  socket.send(answer, from.port, from.address);
});
socket.bind(53, '127.0.0.1', () => {
  require('node:child_process').spawn(process.execPath, ['main.js'], { stdio: 'inherit' }).on('exit', () => process.exit());
});`,
      'main.js': "require('node:net').connect(3306, 'mariadb');",
    },
    args: ['server.js'],
  },
  {
    title: 'no name server answers',
    fires: ['dns-unreachable'],
    unlike: ['dns-name-unknown'],
    before: 'echo nameserver 127.0.0.1 > /srv/resolv.conf; mount --bind /srv/resolv.conf /etc/resolv.conf',
    files: { 'main.js': "require('node:net').connect(3306, 'mariadb');" },
  },
  {
    title: 'a certificate of an own authority',
    fires: ['certificate-not-trusted'],
    unlike: ['otlp-certificate', 'image-registry-certificate'],
    files: {
      'main.js': `const https = require('node:https'), fs = require('node:fs');
const server = https.createServer({ key: fs.readFileSync('key.pem'), cert: fs.readFileSync('cert.pem') });
server.listen(8443, () => https.get('https://localhost:8443/').on('error', (error) => { console.error(error); process.exit(1); }));`,
    },
    before:
      'openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=localhost -days 9 2> /dev/null',
  },
  {
    title: 'no file watch is left',
    fires: ['file-watches-used-up'],
    unlike: ['disk-full'],
    before: 'echo 1 > /proc/sys/user/max_inotify_watches',
    files: {
      'main.js': `const fs = require('node:fs'); fs.mkdirSync('a'); fs.watch('.'); fs.watch('a'); ${wait}`,
    },
  },
  {
    title: 'no file may be opened any more',
    fires: ['file-watches-used-up'],
    before: 'ulimit -n 40',
    files: { 'main.js': "const fs = require('node:fs'); for (;;) fs.openSync('main.js');" },
  },
  {
    title: 'a volume that belongs to root',
    fires: ['volume-not-writable'],
    unlike: ['read-only-root', 'command-not-executable'],
    files: { 'main.js': "require('node:fs').writeFileSync('/srv/app/uploads.json', '{}');" },
    running: { uid: nobody },
  },
  {
    title: 'a root file system that is read-only',
    fires: ['read-only-root'],
    unlike: ['volume-not-writable'],
    before: 'mount --bind /srv/app /srv/app && mount -o remount,bind,ro /srv/app',
    files: { 'main.js': "require('node:fs').mkdirSync('/srv/app/.cache');" },
  },
  {
    title: 'a volume that is full',
    fires: ['disk-full'],
    unlike: ['image-disk-full', 'file-watches-used-up'],
    before: 'mkdir data && mount -t tmpfs -o size=64k tmpfs data',
    files: { 'main.js': "require('node:fs').writeFileSync('data/uploads', Buffer.alloc(1e6));" },
  },
  {
    title: 'more objects than the heap may hold',
    fires: ['node-heap-limit'],
    unlike: ['out-of-memory'],
    files: { 'main.js': 'const all = []; for (;;) all.push({ text: String(all.length) });' },
    args: ['--max-old-space-size=24', 'main.js'],
  },
  {
    title: 'a native module that was installed on an Arm machine',
    fires: ['native-module-platform'],
    unlike: ['image-platform', 'module-missing'],
    files: {
      'main.js': "require('./node_modules/@rollup/rollup-linux-arm64-gnu/rollup.linux-arm64-gnu.node');",
    },
  },
  {
    title: 'a native module that was installed on a Mac',
    fires: ['native-module-platform'],
    unlike: ['image-platform'],
    files: { 'main.js': "require('./node_modules/@rollup/rollup-darwin-arm64/rollup.darwin-arm64.node');" },
  },
  {
    title: 'a server that starts, and is asked',
    fires: [],
    unlike: ['connection-refused', 'address-in-use'],
    files: {
      'main.js': `const server = require('node:http').createServer((_, response) => response.end('ok'));
server.listen(5000, async () => {
  console.log('Server listening at http://0.0.0.0:5000');
  console.log(await (await fetch('http://127.0.0.1:5000/')).text());
  process.exit();
});`,
    },
  },
];

/** Programs of Node that fail, as their logs show it. */
export async function record(): Promise<void> {
  dropped();
  const recordings = await inTurn(programs, recordingOf);
  writeRecordings(`node-${process.versions.node}/programs.txt`, `Node ${process.versions.node}`, recordings);
}

/** A network whose other end answers nothing: packets to 10.0.12.7 go to a neighbour that is not there. */
function dropped(): void {
  const commands = [
    'link add far type veth peer name near',
    'link set near up',
    'link set far up',
    'addr add 10.0.12.1/24 dev near',
    'neigh replace 10.0.12.7 lladdr 02:00:00:00:00:07 dev near',
  ];
  for (const command of commands) execFileSync('ip', command.split(' '));
  writeFileSync('/proc/sys/net/ipv4/tcp_syn_retries', '1');
}

async function recordingOf({
  title,
  fires,
  unlike = [],
  files,
  args = ['main.js'],
  running,
  before,
}: Program): Promise<Recording> {
  rmSync(app, { recursive: true, force: true });
  mkdirSync(app, { recursive: true });
  cpSync(join(places.npm, 'node_modules/@rollup'), join(app, 'node_modules/@rollup'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(app, name), `${text}\n`);
  chmodSync(app, 0o755);
  const command = `${before ?? ':'} && exec ${nodeProgram} ${args.join(' ')}`;
  const own = ['--mount', ...(before?.includes('/proc/sys/user') ? ['--user', '--map-root-user'] : [])];
  const text =
    before === undefined
      ? await outputOf(nodeProgram, args, { cwd: app, ...running })
      : await outputOf('unshare', [...own, 'sh', '-c', command], { cwd: app, ...running });
  return { title, fires, unlike, text };
}
