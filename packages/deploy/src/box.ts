import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { repository } from './repository.ts';

/** What a container gets from the kubelet, made without an engine. */
export interface Box {
  /** `runAsUser` and `runAsGroup`. */
  readonly user: number;
  /** The working directory inside. */
  readonly directory: string;
  /** An image's root file system, in place of this machine's folders, the repository and Node. */
  readonly root?: string;
  /** A network namespace by its name; without one, the machine's network. */
  readonly network?: string;
  /** Files and folders of this machine by the path inside that they appear at, read-only. */
  readonly binds?: Readonly<Record<string, string>>;
  /** Folders of this machine that the program may write to, by the path inside: its volumes. */
  readonly volumes?: Readonly<Record<string, string>>;
}

/**
 * Makes a root file system of its own in memory: the machine's folders, the repository at `/app` and Node at `/nodejs/bin` as in
 * the images, or all of an image, read-only; new and writable `/tmp` and `/data`. Then a user without capabilities who cannot get any.
 */
const enter = `
  set -e
  user=$1 directory=$2 app=$3 node=$4 root=$5; shift 5
  mount --make-rprivate /
  mount -t tmpfs -o mode=755 tmpfs /mnt
  cd /mnt
  for entry in "$root"/*; do
    inside=\${entry#"$root"}
    case $inside in
      /mnt | /tmp | /data) continue ;;
      /app | /nodejs) [ -n "$root" ] || continue ;;
      /dev | /proc | /sys) entry=$inside ;;
    esac
    if [ -L "$entry" ]; then cp -P "$entry" ".$inside"
    elif [ -d "$entry" ]; then mkdir ".$inside"; mount --rbind "$entry" ".$inside"; mount -o remount,ro,bind ".$inside"
    fi
  done
  mkdir data tmp
  if [ -z "$root" ]; then
    mkdir -p app nodejs/bin
    mount --bind "$app" app; mount -o remount,ro,bind app
    mount --bind "$node" nodejs/bin; mount -o remount,ro,bind nodejs/bin
  fi
  mount -t tmpfs -o mode=1777 tmpfs tmp
  mount -t tmpfs -o "mode=2770,uid=0,gid=$user" tmpfs data
  while [ "$1" != -- ]; do
    if [ -d "$2" ]; then mkdir -p ".$3"; else [ -e ".$3" ] || : >".$3"; fi
    mount --bind "$2" ".$3"
    if [ "$1" = bind ]; then mount -o remount,ro,bind ".$3"; fi
    shift 3
  done
  shift
  mount -o remount,ro /mnt
  exec chroot . setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \\
    env -C "$directory" "$@"`;

/** The command line that runs a command in a box. Its process is the program's own: no shell stays between. */
export function boxed(box: Box, command: readonly string[]): readonly string[] {
  const { user, directory, root = '', network, binds = {}, volumes = {} } = box;
  const mounts = [
    ...Object.entries(binds).flatMap(([inside, outside]) => ['bind', outside, inside]),
    ...Object.entries(volumes).flatMap(([inside, outside]) => ['volume', outside, inside]),
  ];
  const within = network === undefined ? [] : ['ip', 'netns', 'exec', network];
  const settings = [String(user), directory, repository, dirname(process.execPath), root];
  return [...within, 'unshare', '--mount', 'sh', '-c', enter, 'sh', ...settings, ...mounts, '--', ...command];
}

/** The command line that runs another program in the box of one that runs, as `kubectl exec` does. */
export function alsoIn(
  pid: number,
  { user, directory }: Pick<Box, 'user' | 'directory'>,
  command: readonly string[],
): readonly string[] {
  const join = ['nsenter', '--target', String(pid), '--mount', '--net', '--root'];
  const identity = ['--reuid', String(user), '--regid', String(user), '--clear-groups', '--no-new-privs'];
  return [...join, 'setpriv', ...identity, 'env', '-C', directory, ...command];
}

/** Whether this machine lets us make such a box: Linux, root, and a repository that others can read. */
export const canBox: boolean = tryBox();

function tryBox(): boolean {
  const [program = '', ...args] = boxed({ user: 10001, directory: '/app' }, [
    '/nodejs/bin/node',
    'packages/deploy/src/repository.ts',
  ]);
  try {
    execFileSync(program, args, { stdio: 'pipe' });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}
