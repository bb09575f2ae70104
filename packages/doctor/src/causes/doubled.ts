import type { Environment, Evidence, Pod, Service } from '../evidence/model.ts';
import { type Cause, defineCauses, type Match, type Sign } from '../rules/cause.ts';
import { selects } from '../rules/places.ts';
import { objectMatch } from '../rules/signs.ts';
import { both, run, say } from '../rules/text.ts';
import { endpointsOf } from './telemetry-environment.ts';

const collectorImage =
  /(?:^|\/)(?:opentelemetry-collector|otelcol|otel-collector|alloy|grafana-agent)[\w.-]*(?:[:@]|$)/;

/** Collectors that read the nodes themselves are needed without anybody sending to them. */
function readsNodes(pod: Pod): boolean {
  return pod.containers.some(({ command }) => /filelog|hostmetrics|kubeletstats/.test(command.join(' ')));
}

/** A Collector in the cluster while everything that has an endpoint sends elsewhere. */
const collectorWithoutSenders: Sign = (evidence) => {
  const hosts = evidence.environments.flatMap((one) => endpointsOf(one).map(({ value }) => hostOf(value)));
  const senders = hosts.filter((host) => host !== '');
  if (senders.length === 0) return [];
  const collectors = evidence.pods.filter(
    (pod) => pod.containers.some(({ image }) => collectorImage.test(image)) && !readsNodes(pod),
  );
  const byWorkload = new Map(collectors.map((pod) => [`${pod.namespace}/${pod.workload}`, pod]));
  return [...byWorkload.values()].flatMap((pod) => {
    const names = namesOf(pod, evidence);
    return senders.some((host) => names.has(host)) ? [] : [needlessMatch(pod, senders)];
  });
};

/** Every name under which the Services in front of a pod are reached from anywhere in the cluster. */
function namesOf(pod: Pod, { services }: Evidence): ReadonlySet<string> {
  const own = services.filter((service: Service) => selects(service, pod));
  return new Set(
    own.flatMap(({ name, namespace }) => [
      name,
      `${name}.${namespace}`,
      `${name}.${namespace}.svc`,
      `${name}.${namespace}.svc.cluster.local`,
    ]),
  );
}

function needlessMatch(pod: Pod, senders: readonly string[]): Match {
  const elsewhere = [...new Set(senders)].slice(0, 4).join(', ');
  return {
    subject: { kind: 'Pod', namespace: pod.namespace, name: pod.name },
    about: pod.workload,
    quotes: [
      {
        where: pod.where,
        text: `runs ${pod.containers.map(({ image }) => image).join(', ')}; all that has an endpoint sends to ${elsewhere}`,
      },
    ],
    values: { senders: elsewhere },
    isPast: false,
    order: 0,
  };
}

function hostOf(endpoint: string): string {
  return URL.parse(endpoint)?.hostname ?? '';
}

/** A sign over each environment, told by its variables. */
function inEnvironment(
  look: (environment: Environment) => { readonly about: string; readonly text: string } | undefined,
): Sign {
  return ({ environments }) =>
    environments.flatMap((environment) => {
      const told = look(environment);
      const { kind, ...subject } = environment.subject;
      return told === undefined ? [] : [objectMatch(kind, { ...subject, where: environment.where }, told)];
    });
}

/** Fewer than these are repeats after a lost acknowledgement. */
const smallestShare = 0.2;
const fewestSpans = 10;

/** A service of whose spans a good part is there twice. */
const sentTwice: Sign = ({ stack }) =>
  (stack?.doubled ?? [])
    .filter(({ spans, distinct }) => spans >= fewestSpans && (spans - distinct) / distinct >= smallestShare)
    .map(({ service, spans, distinct, resources }) =>
      objectMatch(
        'Text',
        { name: service, where: stack?.where ?? '' },
        {
          about: service,
          text: `of ${spans} spans of the last two minutes ${spans - distinct} have the trace and span id of another${resources > 1 ? `; they came with ${resources} different resources` : ''}`,
        },
      ),
    );

const tracing = /^(?:otlp|zipkin|jaeger)$/;

/** Things that are there twice, or for nothing, and settings that do not count. */
export const doubledCauses: readonly Cause[] = defineCauses([
  {
    id: 'collector-without-senders',
    step: 'telemetry',
    certainty: 'likely',
    title: both('Nobody sends to the Collector {about}', 'Collector {about}(으)로 보내는 곳이 없습니다'),
    why: both(
      'Every setting seen names another receiver ({senders|the stack}). A second hop costs memory, can lose data, and must be kept; docs/collector-or-not.md says when one is worth it.',
      '확인한 설정은 모두 다른 수신기({senders|스택})를 가리킵니다. 거쳐 가는 단계는 메모리를 쓰고 데이터를 잃을 수 있으며 관리가 필요합니다. 필요한 경우는 docs/collector-or-not.md에 있습니다.',
    ),
    signs: [collectorWithoutSenders],
    fix: [
      say(
        'See that nothing arrives there, then take it out:',
        '아무것도 도착하지 않는지 확인한 뒤 제거하세요:',
      ),
      run('kubectl scale deployment/{about|COLLECTOR}{namespaceFlag|} --replicas=0'),
    ],
  },
  {
    id: 'telemetry-sent-twice',
    step: 'telemetry',
    title: both('Spans of {about} arrive by two ways', '{about}의 스팬이 두 경로로 도착합니다'),
    why: both(
      'The same trace and span ids are stored more than once. A sender repeats only what was not acknowledged; a share this large comes by a second exporter, or through a Collector beside the direct way.',
      '같은 트레이스·스팬 ID가 두 번 이상 저장되었습니다. 보내는 쪽은 확인받지 못한 것만 다시 보냅니다. 이 비율이면 두 번째 익스포터나, 직접 경로와 함께 쓰는 Collector가 원인입니다.',
    ),
    signs: [sentTwice],
    fix: [
      say('Take one of the ways out:', '두 경로 중 하나를 없애세요:'),
      run('./maru doctor env --deployment {about|NAME}'),
    ],
  },
  {
    id: 'telemetry-two-exporters',
    step: 'telemetry',
    certainty: 'likely',
    title: both('Every span is sent twice: {about}', '모든 스팬을 두 번 보냅니다: {about}'),
    why: both(
      'Each exporter of the list sends all spans. Where both lead to one stack, it stores and shows each span twice.',
      '목록의 익스포터마다 모든 스팬을 보냅니다. 같은 스택으로 향하면 스팬이 두 번씩 저장됩니다.',
    ),
    signs: [
      inEnvironment(({ variables }) => {
        const value = variables.OTEL_TRACES_EXPORTER ?? '';
        const sending = value.split(',').filter((name) => tracing.test(name.trim()));
        return sending.length > 1 ? { about: value, text: `OTEL_TRACES_EXPORTER=${value}` } : undefined;
      }),
    ],
    fix: [run('kubectl set env deployment/{workload} OTEL_TRACES_EXPORTER=otlp{namespaceFlag|}')],
  },
  {
    id: 'telemetry-settings-in-file',
    step: 'telemetry',
    certainty: 'likely',
    title: both('A configuration file replaces the OTEL_* variables', '설정 파일이 OTEL_* 변수를 대체합니다'),
    why: both(
      'With {about|OTEL_CONFIG_FILE} an SDK takes everything from that file and heeds no other OTEL_* variable, but those that the file itself refers to.',
      '{about|OTEL_CONFIG_FILE}이 있으면 SDK는 그 파일만 읽고, 파일이 참조하는 것 외의 OTEL_* 변수는 무시합니다.',
    ),
    signs: [
      inEnvironment(({ variables }) => {
        const file = Object.keys(variables).find((name) => /^OTEL_(?:EXPERIMENTAL_)?CONFIG_FILE$/.test(name));
        const others = Object.keys(variables).filter((name) => name.startsWith('OTEL_') && name !== file);
        return file === undefined || variables[file] === '' || others.length === 0
          ? undefined
          : { about: file, text: `${file}=${variables[file]} beside ${others.slice(0, 4).join(', ')}` };
      }),
    ],
    fix: [
      say(
        'Put the settings into the file, or unset the variable that names it.',
        '설정을 파일에 넣거나 파일을 지정한 변수를 없애세요.',
      ),
    ],
  },
  {
    id: 'telemetry-service-name-overridden',
    step: 'telemetry',
    certainty: 'certain',
    title: both(
      'OTEL_SERVICE_NAME wins over service.name of OTEL_RESOURCE_ATTRIBUTES ({about})',
      'OTEL_SERVICE_NAME이 OTEL_RESOURCE_ATTRIBUTES의 service.name보다 우선합니다({about})',
    ),
    why: both(
      'The service is looked for under one name and stored under the other.',
      '찾는 이름과 저장된 이름이 다릅니다.',
    ),
    signs: [
      inEnvironment(({ variables }) => {
        const name = variables.OTEL_SERVICE_NAME?.trim() ?? '';
        const other =
          /(?:^|,)\s*service\.name=([^,]+)/.exec(variables.OTEL_RESOURCE_ATTRIBUTES ?? '')?.[1]?.trim() ?? '';
        return name === '' || other === '' || name === other
          ? undefined
          : { about: `${name}, ${other}`, text: `OTEL_SERVICE_NAME=${name} and service.name=${other}` };
      }),
    ],
    fix: [say('Keep one of the two.', '둘 중 하나만 두세요.')],
  },
  {
    id: 'telemetry-signals-apart',
    step: 'telemetry',
    certainty: 'possible',
    title: both(
      'The signals of one service go to different places: {about}',
      '한 서비스의 신호가 서로 다른 곳으로 갑니다: {about}',
    ),
    why: both(
      'The variable for one signal wins over the common one. Where that is not meant, one signal seems to be missing.',
      '신호별 변수가 공통 변수보다 우선합니다. 의도한 것이 아니라면 한 신호가 없는 것처럼 보입니다.',
    ),
    signs: [
      inEnvironment((environment) => {
        const endpoints = endpointsOf(environment);
        const common = endpoints.find(({ name }) => name === 'OTEL_EXPORTER_OTLP_ENDPOINT');
        const apart = endpoints.filter(
          (one) => common !== undefined && hostOf(one.value) !== hostOf(common.value),
        );
        return apart.length === 0 || common === undefined
          ? undefined
          : {
              about: apart.map(({ name }) => name).join(', '),
              text: [common, ...apart].map(({ name, value }) => `${name}=${value}`).join(' '),
            };
      }),
    ],
    fix: [
      run('./maru doctor env --file .env'),
      run(
        'kubectl set env deployment/{workload} {about|OTEL_EXPORTER_OTLP_TRACES_ENDPOINT}-{namespaceFlag|}',
      ),
    ],
  },
]);
