import { type Cause, defineCauses } from '../rules/cause.ts';
import { gives, says } from '../rules/signs.ts';
import { both, run, say } from '../rules/text.ts';
import { registrySays } from './in-registry.ts';
import { duringPull } from './pull-words.ts';

const otherThanMissing =
  /no match for platform|no image found in|no such host|\b40[13]\b|pull access denied|authorization failed|accept header/i;

/** The registry could not be reached, or does not hold what was asked for. */
export const imageCauses: readonly Cause[] = defineCauses([
  {
    id: 'image-manifest-unknown',
    step: 'image',
    title: both(
      'The registry has no {about|such image or tag}',
      '레지스트리에 {about|해당 이미지나 태그}이(가) 없습니다',
    ),
    why: both(
      'The registry was reached and answered that this tag or digest does not exist: mistyped, never pushed, or deleted.',
      '레지스트리가 이 태그·다이제스트가 없다고 답했습니다. 오타이거나, 푸시하지 않았거나, 삭제되었습니다.',
    ),
    signs: [
      says(duringPull('manifest unknown|MANIFEST_UNKNOWN|: not found|not found: manifest'), {
        unless: otherThanMissing,
      }),
      says(/manifest for (?<about>\S+) not found/i),
      registrySays(/^image-(?:repository-)?not-found$/, ({ image, seen }) => `${image}: ${seen}`),
    ],
    lookAlikes: [
      {
        name: both('the platform', '플랫폼 불일치'),
        why: both(
          'no manifest was found at all, of any platform',
          '어느 플랫폼의 매니페스트도 찾지 못했습니다',
        ),
      },
    ],
    fix: [
      run('az acr repository show-tags -n REGISTRY --repository REPOSITORY --orderby time_desc'),
      run('docker push {image}'),
    ],
  },
  {
    id: 'image-registry-unknown-host',
    step: 'image',
    title: both(
      'The name of the image’s registry is not known to DNS: {about|}',
      '이미지 레지스트리 이름을 DNS에서 찾을 수 없습니다: {about|}',
    ),
    why: both(
      'The node asked its name server for the registry. The name is mistyped, or a private DNS zone is not linked to the nodes’ network.',
      '레지스트리 이름의 오타이거나 사설 DNS 영역이 노드 네트워크에 연결되지 않았습니다.',
    ),
    signs: [says(duringPull('no such host|server misbehaving|Temporary failure in name resolution'))],
    lookAlikes: [
      {
        name: both('a missing image', '이미지 없음'),
        why: both('no registry has been asked yet', '레지스트리에 아직 접속하지 못했습니다'),
      },
    ],
    fix: [run('nslookup "$(echo {image} | cut -d/ -f1)"')],
  },
  {
    id: 'image-registry-certificate',
    step: 'image',
    title: both(
      'The node does not trust the registry’s certificate',
      '노드가 레지스트리의 인증서를 신뢰하지 않습니다',
    ),
    why: both(
      'Signed by an authority the node does not know, made for another name, or out of its time.',
      '알 수 없는 기관이 서명했거나, 다른 이름용이거나, 유효 기간이 지났습니다.',
    ),
    signs: [
      says(
        duringPull(
          'x509:|certificate signed by unknown authority|certificate has expired|tls: failed to verify',
        ),
      ),
    ],
    fix: [
      run(
        'openssl s_client -connect REGISTRY:443 -showcerts </dev/null | openssl x509 -noout -subject -issuer -dates',
      ),
      say(
        'Put the authority’s certificate into /etc/containerd/certs.d/HOST/ on every node.',
        '모든 노드의 /etc/containerd/certs.d/HOST/에 CA 인증서를 넣으세요.',
      ),
    ],
  },
  {
    id: 'image-registry-plain-http',
    step: 'image',
    title: both(
      'The registry speaks plain HTTP and the node expects HTTPS',
      '레지스트리는 HTTP인데 노드는 HTTPS로 접속합니다',
    ),
    why: both(
      'A runtime uses TLS for every host but localhost unless told otherwise.',
      '런타임은 localhost 외에는 TLS를 사용합니다.',
    ),
    signs: [says(duringPull('server gave HTTP response to HTTPS client'))],
    fix: [
      say(
        'Give the registry a certificate, or name it as plain HTTP in /etc/containerd/certs.d/HOST/hosts.toml.',
        '레지스트리에 인증서를 설치하거나 hosts.toml에 http로 등록하세요.',
      ),
    ],
  },
  {
    id: 'image-registry-unreachable',
    step: 'image',
    title: both('The node cannot reach the image’s registry', '노드가 이미지 레지스트리에 연결하지 못합니다'),
    why: both(
      'The name was found, and the connection was refused, timed out, or the registry answered with an error of its own (5xx).',
      '이름은 찾았지만 연결이 거부·시간 초과되었거나 레지스트리가 5xx로 답했습니다.',
    ),
    signs: [
      says(
        duringPull(
          String.raw`connection refused|i/o timeout|no route to host|network is unreachable|TLS handshake timeout|Client\.Timeout|50[0234] (?:Internal|Bad|Service|Gateway)`,
        ),
        { unless: /lookup \S+ on [\s\S]*?: (?:no such host|read udp)|no such host/i },
      ),
    ],
    fix: [run('kubectl debug node/{node} -it --image=busybox -- nc -vz REGISTRY 443')],
  },
  {
    id: 'image-disk-full',
    step: 'image',
    title: both(
      'The node’s disk is full: the image cannot be unpacked',
      '노드 디스크가 가득 차 이미지를 풀 수 없습니다',
    ),
    why: both(
      'Images are unpacked on the node’s disk; other images, logs and emptyDirs fill it.',
      '이미지, 로그, emptyDir이 노드 디스크를 채웠습니다.',
    ),
    signs: [says(duringPull('no space left on device'))],
    fix: [
      run('kubectl describe node {node} | grep -A6 Conditions'),
      run('kubectl debug node/{node} -it --image=busybox -- df -h /host/var/lib'),
    ],
  },
  {
    id: 'image-layer-damaged',
    step: 'image',
    title: both('A layer of the image arrived damaged', '이미지 레이어가 손상된 채 도착했습니다'),
    why: both(
      'Its digest or its archive is wrong: an interrupted transfer, a broken proxy, or a damaged registry.',
      '전송 중단, 프록시 오류 또는 레지스트리 손상입니다.',
    ),
    signs: [
      says(
        duringPull(
          'unexpected EOF|failed size validation|digest mismatch|unexpected commit digest|failed to extract layer|archive/tar: invalid',
        ),
        { unless: /no space left/i },
      ),
    ],
    fix: [run('kubectl delete pod {pod}{namespaceFlag|}'), run('docker pull {image}')],
  },
  {
    id: 'image-never-pulled',
    step: 'image',
    title: both(
      'The pull policy is Never and the node does not have {about|the image}',
      'imagePullPolicy가 Never인데 노드에 {about|이미지}이(가) 없습니다',
    ),
    why: both(
      'With Never the kubelet uses only what is on the node already.',
      'Never이면 노드에 이미 있는 이미지만 사용합니다.',
    ),
    signs: [
      gives(/^ErrImageNeverPull$/),
      says(/Container image "(?<about>[^"]+)" is not present with pull policy of Never/),
    ],
    fix: [
      run(
        'kubectl patch deployment {workload}{namespaceFlag|} --type=json -p \'[{"op":"replace","path":"/spec/template/spec/containers/0/imagePullPolicy","value":"IfNotPresent"}]\'',
      ),
    ],
  },
  {
    id: 'image-name-invalid',
    step: 'image',
    title: both(
      'The image’s name is not a valid one: {about|}',
      '이미지 이름 형식이 잘못되었습니다: {about|}',
    ),
    why: both(
      'Lower-case letters only, no spaces, no scheme, no empty tag. Often a variable in a template was left empty.',
      '소문자만, 공백·스킴·빈 태그 없이 써야 합니다. 템플릿 변수가 비어 있는 경우가 많습니다.',
    ),
    signs: [
      gives(/^InvalidImageName$/),
      says(
        /(?:couldn't|could not|failed to) parse image (?:reference|name) "(?<about>[^"]*)"|invalid reference format|repository name must be lowercase/i,
      ),
    ],
    fix: [run('kubectl set image deployment/{workload} {container}=REPOSITORY:TAG{namespaceFlag|}')],
  },
  {
    id: 'image-client-too-old',
    step: 'image',
    title: both(
      'The client that asked does not know OCI indexes',
      '클라이언트가 OCI 인덱스를 지원하지 않습니다',
    ),
    why: both(
      'The registry has the image and would not send it in a form that the client did not say it accepts.',
      '레지스트리에 이미지는 있지만 클라이언트가 받을 수 있다고 한 형식이 아닙니다.',
    ),
    signs: [
      says(/accept header does not support (?:OCI|manifest)/i),
      says(duringPull('unsupported media type|unsupported manifest media type')),
    ],
    fix: [
      say(
        'Update the runtime or tool, or build without attestations: docker buildx build --provenance=false.',
        '런타임을 업데이트하거나 --provenance=false로 빌드하세요.',
      ),
    ],
  },
  {
    id: 'image-pull-failed',
    step: 'image',
    rank: 'fallback',
    certainty: 'possible',
    title: both('The image {about|} could not be pulled', '이미지 {about|}을(를) 내려받지 못했습니다'),
    why: both(
      'ImagePullBackOff is a status and no cause, which is not in what was given. It stands in the event "Failed to pull image", which is kept for an hour and written again at the next try.',
      'ImagePullBackOff는 상태일 뿐 원인이 아니며, 원인은 주어진 자료에 없습니다. 원인은 "Failed to pull image" 이벤트에 있습니다.',
    ),
    signs: [
      gives(/^(?:ErrImagePull|ImagePullBackOff|ImageInspectError|RegistryUnavailable)$/),
      says(/Back-off pulling image "(?<about>[^"]+)"/),
    ],
    fix: [
      run('kubectl describe pod {pod}{namespaceFlag|} | grep -A20 Events:'),
      run('./maru doctor --bundle pod.txt'),
    ],
  },
]);
