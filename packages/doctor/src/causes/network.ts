import type { Evidence, Pod, Service } from '../evidence/model.ts';
import { type Cause, defineCauses, type Sign } from '../rules/cause.ts';
import { selects } from '../rules/places.ts';
import { objectMatch, says } from '../rules/signs.ts';
import { both, run, say } from '../rules/text.ts';

function podsNear(service: Service, { pods }: Evidence): readonly Pod[] {
  return pods.filter(({ namespace, labels }) => namespace === service.namespace && labels !== undefined);
}

function selectorText(service: Service): string {
  return Object.entries(service.selector)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

/** A Service whose selector fits no pod of its namespace, where the pods' labels were seen. */
const selectsNothing: Sign = (evidence) =>
  evidence.services
    .filter((service) => Object.keys(service.selector).length > 0 && (service.endpoints?.length ?? 0) === 0)
    .filter((service) => podsNear(service, evidence).length > 0)
    .filter((service) => !evidence.pods.some((pod) => selects(service, pod)))
    .map((service) =>
      objectMatch('Service', service, {
        text: `Service ${service.name} selects ${selectorText(service)}; no pod has these labels`,
        values: { selector: selectorText(service) },
      }),
    );

const hasNoEndpoints: Sign = (evidence) =>
  evidence.services
    .filter(
      ({ endpoints, selector }) =>
        endpoints !== undefined && endpoints.length === 0 && Object.keys(selector).length > 0,
    )
    .map((service) =>
      objectMatch('Service', service, {
        text: `Service ${service.name} has no endpoints`,
        values: { selector: selectorText(service) },
      }),
    );

function listens(pod: Pod, targetPort: string): boolean {
  const ports = pod.containers.flatMap((container) => container.ports);
  return (
    ports.length === 0 ||
    ports.some(({ name, number }) => name === targetPort || String(number) === targetPort)
  );
}

/** A target port that no container of the selected pods declares; only names are certain, as numbers need no declaration. */
const wrongTargetPort: Sign = (evidence) =>
  evidence.services.flatMap((service) => {
    const selected = evidence.pods.filter((pod) => selects(service, pod));
    if (selected.length === 0) return [];
    return service.ports
      .filter(({ targetPort }) => targetPort !== '' && !selected.some((pod) => listens(pod, targetPort)))
      .map(({ targetPort }) =>
        objectMatch('Service', service, {
          about: targetPort,
          text: `Service ${service.name} sends to port ${targetPort}; its pods declare others`,
        }),
      );
  });

const backendMissing: Sign = ({ ingresses, inventory }) =>
  ingresses.flatMap((ingress) =>
    ingress.backends.flatMap(({ service, error }) => {
      const isKnownMissing = inventory.services?.has(`${ingress.namespace}/${service}`) === false;
      const isNotFound = /^(?:services|endpoints) "[^"]+" not found$/.test(error);
      if (service === '' || !(isKnownMissing || isNotFound)) return [];
      const seen = isNotFound ? `: ${error}` : ', which is not among the Services';
      return [
        objectMatch('Ingress', ingress, {
          about: service,
          text: `Ingress ${ingress.name} sends to Service ${service}${seen}`,
        }),
      ];
    }),
  );

const externalAddressPending: Sign = ({ services }) =>
  services
    .filter(
      ({ type, externalAddress, ageSeconds }) =>
        type === 'LoadBalancer' && /^<pending>$/.test(externalAddress) && (ageSeconds ?? 0) >= 300,
    )
    .map((service) =>
      objectMatch('Service', service, {
        text: `Service ${service.name}: EXTERNAL-IP ${service.externalAddress}`,
      }),
    );

/** Ways to a pod: Services, Ingresses, Gateway routes. */
export const networkCauses: readonly Cause[] = defineCauses([
  {
    id: 'service-selector-mismatch',
    step: 'endpoint',
    title: both(
      'The selector of the Service {name} fits no pod',
      'Service {name}의 셀렉터에 맞는 파드가 없습니다',
    ),
    why: both(
      'A Service sends to the pods whose labels have all pairs of its selector.',
      'Service는 셀렉터의 모든 라벨을 가진 파드로만 보냅니다.',
    ),
    signs: [selectsNothing],
    fix: [
      run('kubectl get pods{namespaceFlag|} --show-labels'),
      run('kubectl get pods{namespaceFlag|} -l {selector}'),
    ],
  },
  {
    id: 'service-without-endpoints',
    step: 'endpoint',
    rank: 'symptom',
    certainty: 'possible',
    title: both(
      'The Service {name} has no ready pod behind it',
      'Service {name} 뒤에 준비된 파드가 없습니다',
    ),
    why: both(
      'Its selector fits no pod, or its pods are not ready.',
      '셀렉터가 맞지 않거나 파드가 준비되지 않았습니다.',
    ),
    signs: [
      hasNoEndpoints,
      says(/Service "?(?:\w[\w.-]*\/)?(?<about>[\w.-]+)"? does not have any active Endpoint/i),
    ],
    fix: [run('kubectl get pods{namespaceFlag|} -l {selector} -o wide')],
  },
  {
    id: 'service-target-port',
    step: 'endpoint',
    certainty: 'likely',
    title: both(
      'The Service {name} sends to the port {about|}, which its pods do not declare',
      'Service {name}이(가) 파드가 선언하지 않은 포트 {about|}(으)로 보냅니다',
    ),
    why: both(
      'targetPort must be the port that the process listens on, by number or by the name of a container port.',
      'targetPort는 프로세스가 수신하는 포트여야 합니다.',
    ),
    signs: [wrongTargetPort],
    fix: [run('kubectl get service {name}{namespaceFlag|} -o jsonpath="{.spec.ports}"')],
  },
  {
    id: 'load-balancer-pending',
    step: 'route',
    certainty: 'likely',
    title: both(
      'The Service {name} waits for an external address',
      'Service {name}이(가) 외부 주소를 기다리고 있습니다',
    ),
    why: both(
      'No load balancer controller serves the cluster, or the cloud refuses (quota, permission).',
      '로드밸런서 컨트롤러가 없거나 클라우드가 거절합니다(할당량, 권한).',
    ),
    signs: [
      externalAddressPending,
      says(/(?:Error syncing load balancer|SyncLoadBalancerFailed|failed to ensure load balancer)/i),
    ],
    fix: [run('kubectl describe service {name}{namespaceFlag|}')],
  },
  {
    id: 'ingress-service-missing',
    step: 'route',
    title: both(
      'The Ingress {name} sends to the Service {about|}, which does not exist',
      'Ingress {name}이(가) 없는 Service {about|}(으)로 보냅니다',
    ),
    why: both(
      'An Ingress finds Services in its own namespace only.',
      'Ingress는 자기 네임스페이스의 Service만 찾습니다.',
    ),
    signs: [
      backendMissing,
      says(
        /(?:error obtaining|obtaining) (?:Endpoints for )?service "?(?:[\w.-]+\/)?(?<about>[\w.-]+)"?:? (?:no object matching key|not found)|services "(?<service>[\w.-]+)" not found/i,
      ),
    ],
    fix: [run('kubectl get service{namespaceFlag|}')],
  },
  {
    id: 'ingress-class-unclaimed',
    step: 'route',
    certainty: 'likely',
    title: both(
      'No controller serves the class {about|} of the Ingress {name}',
      'Ingress {name}의 클래스 {about|}을(를) 처리하는 컨트롤러가 없습니다',
    ),
    why: both(
      'An Ingress is mere data until a controller of its class picks it up.',
      '해당 클래스의 컨트롤러가 있어야 동작합니다.',
    ),
    signs: [
      ({ ingresses, inventory }) =>
        ingresses
          .filter(
            ({ className }) =>
              className !== '' &&
              inventory.ingressClasses !== undefined &&
              ![...inventory.ingressClasses].some((key) => key.endsWith(`/${className}`)),
          )
          .map((ingress) =>
            objectMatch('Ingress', ingress, {
              about: ingress.className,
              text: `Ingress ${ingress.name} has class ${ingress.className}, which is not among the classes`,
            }),
          ),
    ],
    fix: [run('kubectl get ingressclass')],
  },
  {
    id: 'ingress-body-too-large',
    step: 'route',
    title: both(
      'The proxy in front refuses bodies of this size (413)',
      '앞단 프록시가 이 크기의 본문을 거절합니다(413)',
    ),
    why: both('nginx takes 1 MiB by default.', 'nginx 기본값은 1 MiB입니다.'),
    explains: ['otlp-too-large'],
    signs: [says(/client intended to send too large (?:chunked )?body/i)],
    fix: [
      run(
        'kubectl annotate ingress {name|INGRESS}{namespaceFlag|} nginx.ingress.kubernetes.io/proxy-body-size=16m',
      ),
    ],
  },
  {
    id: 'upstream-refused',
    step: 'route',
    certainty: 'likely',
    title: both(
      'The proxy reaches the pod, and nothing listens on that port (502)',
      '프록시가 파드에 도달했지만 해당 포트에서 수신하지 않습니다(502)',
    ),
    why: both(
      'The target port is wrong, or the process listens on 127.0.0.1.',
      'targetPort가 틀렸거나 127.0.0.1에서만 수신합니다.',
    ),
    signs: [says(/connect\(\) failed \(111: Connection refused\) while connecting to upstream/i)],
    fix: [run('kubectl get endpoints{namespaceFlag|}')],
  },
  {
    id: 'upstream-timeout',
    step: 'route',
    certainty: 'likely',
    title: both('The proxy waits for the pod in vain (504)', '프록시가 파드의 응답을 받지 못합니다(504)'),
    why: both(
      'The application is slow, or packets are dropped between the two.',
      '애플리케이션이 느리거나 패킷이 버려집니다.',
    ),
    signs: [says(/upstream timed out \(110/i)],
    fix: [
      run('kubectl logs {workload|DEPLOYMENT}{namespaceFlag|} --tail=100'),
      run('kubectl get networkpolicy{namespaceFlag|}'),
    ],
  },
  {
    id: 'upstream-protocol',
    step: 'route',
    title: both(
      'The proxy speaks HTTP/1 to a gRPC port, or the reverse',
      '프록시와 백엔드의 프로토콜(HTTP/1·gRPC)이 다릅니다',
    ),
    why: both('A gRPC backend must be declared as one.', 'gRPC 백엔드는 그렇게 선언해야 합니다.'),
    signs: [
      says(
        /upstream sent (?:no valid HTTP\/1\.0 header|too large http2 frame|invalid header)|upstream rejected request with error 2/i,
      ),
    ],
    fix: [
      run(
        'kubectl annotate ingress {name|INGRESS}{namespaceFlag|} nginx.ingress.kubernetes.io/backend-protocol=GRPC',
      ),
      say('or send OTLP over HTTP to port 4318.', '또는 4318로 OTLP/HTTP를 사용하세요.'),
    ],
  },
  {
    id: 'route-backend-missing',
    step: 'route',
    title: both(
      'The route {name} refers to a backend that does not exist',
      '라우트 {name}의 백엔드가 없습니다',
    ),
    why: both('Gateway API says so in ResolvedRefs.', 'Gateway API의 ResolvedRefs 조건에 나타납니다.'),
    signs: [says(/^/, { on: ['condition'], reason: /^BackendNotFound$/ })],
    fix: [run('kubectl describe httproute {name}{namespaceFlag|}')],
  },
  {
    id: 'route-reference-forbidden',
    step: 'route',
    title: both(
      'The route {name} may not refer to another namespace',
      '라우트 {name}이(가) 다른 네임스페이스를 참조할 수 없습니다',
    ),
    why: both(
      'References across namespaces need a ReferenceGrant there.',
      '네임스페이스 간 참조에는 ReferenceGrant가 필요합니다.',
    ),
    signs: [says(/^/, { on: ['condition'], reason: /^RefNotPermitted$/ })],
    fix: [run('kubectl get referencegrant -A')],
  },
  {
    id: 'route-not-accepted',
    step: 'route',
    title: both(
      'No listener of the gateway takes the route {name} ({about|})',
      '게이트웨이의 어떤 리스너도 라우트 {name}을(를) 받지 않습니다',
    ),
    why: both(
      'Its host name or its namespace is not among those that the listeners allow.',
      '호스트 이름이나 네임스페이스가 허용되지 않습니다.',
    ),
    signs: [
      says(/^/, {
        on: ['condition'],
        reason: /^(?:NoMatchingListenerHostname|NotAllowedByListeners|NoMatchingParent)$/,
      }),
    ],
    fix: [run('kubectl describe gateway -A | grep -A5 Listeners')],
  },
]);
