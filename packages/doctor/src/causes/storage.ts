import { type Cause, defineCauses } from '../rules/cause.ts';
import { says } from '../rules/signs.ts';
import { both, run, say } from '../rules/text.ts';

/** Claims, disks and mounts. A ConfigMap or Secret that a volume misses is in `configuration.ts`. */
export const storageCauses: readonly Cause[] = defineCauses([
  {
    id: 'claim-no-class',
    step: 'scheduled',
    title: both(
      'The claim {name} names no storage class, and the cluster has no default one',
      'PVC {name}에 스토리지 클래스가 없고 기본 클래스도 없습니다',
    ),
    why: both('Nothing is there to make a volume for it.', '볼륨을 만들어 줄 주체가 없습니다.'),
    explains: ['schedule-claim-unbound'],
    signs: [says(/no persistent volumes available for this claim and no storage class is set/i)],
    fix: [
      run('kubectl get storageclass'),
      run(
        'kubectl patch storageclass NAME -p \'{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}\'',
      ),
    ],
  },
  {
    id: 'claim-class-missing',
    step: 'scheduled',
    title: both('The storage class {about|} does not exist', '스토리지 클래스 {about|}이(가) 없습니다'),
    why: both(
      'Classes differ from cloud to cloud: managed-csi, gp3, standard-rwo.',
      '클라우드마다 클래스 이름이 다릅니다.',
    ),
    explains: ['schedule-claim-unbound'],
    signs: [says(/storageclass(?:\.storage\.k8s\.io)? "(?<about>[^"]+)" not found/i)],
    fix: [run('kubectl get storageclass')],
  },
  {
    id: 'claim-provisioning-failed',
    step: 'scheduled',
    title: both('The volume for {name} could not be made', '{name}의 볼륨을 만들지 못했습니다'),
    why: both(
      'The storage driver says why: a quota of disks, a zone, a right of the cluster’s identity.',
      '스토리지 드라이버 메시지에 이유(디스크 할당량, 영역, 권한)가 있습니다.',
    ),
    explains: ['schedule-claim-unbound'],
    signs: [says(/^(?!.*storageclass\S* "[^"]+" not found)/is, { reason: /^ProvisioningFailed$/ })],
    fix: [run('kubectl describe pvc {name}{namespaceFlag|}')],
  },
  {
    id: 'volume-attached-elsewhere',
    step: 'volumes',
    title: both('The disk is still attached to another node', '디스크가 아직 다른 노드에 연결되어 있습니다'),
    why: both(
      'A ReadWriteOnce disk belongs to one node. The old pod still runs there, or its node is lost and has not let go.',
      'RWO 디스크는 한 노드에만 연결됩니다. 이전 파드가 남아 있거나 노드가 유실되었습니다.',
    ),
    signs: [
      says(
        /Multi-Attach error for volume|volume is already (?:exclusively )?attached to (?:one|a different) node|already used by pod/i,
      ),
    ],
    fix: [
      run('kubectl get volumeattachment'),
      say(
        'A Deployment with such a disk needs strategy: Recreate; a StatefulSet does it right.',
        '이런 디스크에는 strategy: Recreate 또는 StatefulSet을 사용하세요.',
      ),
    ],
  },
  {
    id: 'volume-mount-failed',
    step: 'volumes',
    certainty: 'likely',
    title: both('A volume could not be mounted', '볼륨을 마운트하지 못했습니다'),
    why: both(
      'The mount itself failed on the node: a wrong export, a missing helper, a damaged file system, a refused login.',
      '노드에서 마운트가 실패했습니다(경로, 도구, 파일 시스템, 인증).',
    ),
    signs: [
      says(
        /mount failed: exit status|mount\.nfs: |mount error\(\d+\)|wrong fs type, bad option|bad superblock|MountVolume\.MountDevice failed/i,
        { unless: /list of registered CSI drivers/ },
      ),
    ],
    fix: [run('kubectl describe pod {pod}{namespaceFlag|} | grep -A20 Events:')],
  },
  {
    id: 'volume-driver-missing',
    step: 'volumes',
    title: both(
      'The storage driver {about|} does not run on the node',
      '스토리지 드라이버 {about|}이(가) 노드에 없습니다',
    ),
    why: both('Its DaemonSet has no pod there.', '드라이버 DaemonSet 파드가 해당 노드에 없습니다.'),
    signs: [says(/driver name (?<about>[\w.-]+) not found in the list of registered CSI drivers/i)],
    fix: [run('kubectl get csinodes,csidrivers')],
  },
  {
    id: 'volume-not-writable',
    step: 'running',
    certainty: 'likely',
    title: both(
      'The process may not write into its volume or directory',
      '프로세스가 볼륨이나 디렉터리에 쓸 수 없습니다',
    ),
    why: both(
      'The volume belongs to another user than the process runs as.',
      '볼륨 소유자와 프로세스 사용자가 다릅니다.',
    ),
    signs: [
      says(
        /(?:EACCES: permission denied, (?:open|mkdir|unlink|rename|scandir)|(?:mkdir|chown|touch|cannot create directory).{0,120}(?:Permission denied|Operation not permitted)|Can't create\/write to file .{0,120}Errcode: 13)/i,
      ),
    ],
    fix: [
      say(
        'Set securityContext.fsGroup of the pod to the group that the process runs as.',
        '파드 securityContext.fsGroup을 프로세스 그룹으로 설정하세요.',
      ),
    ],
  },
  {
    id: 'read-only-root',
    step: 'running',
    title: both(
      'The process writes to the image’s own file system, which is read-only',
      '읽기 전용 루트 파일 시스템에 쓰려고 합니다',
    ),
    why: both(
      'readOnlyRootFilesystem is on; what must be written needs a volume.',
      'readOnlyRootFilesystem이 켜져 있어 쓰기에는 볼륨이 필요합니다.',
    ),
    signs: [says(/EROFS|Read-only file system/i)],
    fix: [
      say(
        'Mount an emptyDir at the directory that it writes to, such as /tmp.',
        '쓰기 디렉터리(/tmp 등)에 emptyDir을 마운트하세요.',
      ),
    ],
  },
  {
    id: 'disk-full',
    step: 'running',
    title: both('The disk that the process writes to is full', '프로세스가 쓰는 디스크가 가득 찼습니다'),
    why: both(
      'A volume, or the node’s own disk, has no room left.',
      '볼륨 또는 노드 디스크에 공간이 없습니다.',
    ),
    signs: [
      says(/ENOSPC: no space left on device|Errcode: 28|No space left on device/i, {
        on: ['log', 'text', 'terminated'],
        unless: /pull|unpack|snapshotter|writing blob|content\.v1\.content|inotify|watch/i,
      }),
    ],
    fix: [run('kubectl exec {pod}{namespaceFlag|} -- df -h')],
  },
]);
