import type { Environment } from '../evidence/model.ts';
import { type Cause, type CauseDraft, defineCauses, type Sign } from '../rules/cause.ts';
import { says } from '../rules/signs.ts';
import { both, run, say } from '../rules/text.ts';
import { endpointsOf, protocolOf, type Setting, settingsNamed } from './telemetry-environment.ts';

/** A sign over each environment seen; every setting that it returns is one match. */
function inEnvironment(look: (environment: Environment) => readonly Setting[]): Sign {
  return ({ environments }) =>
    environments.flatMap((environment) =>
      look(environment).map(({ name, value }) => ({
        subject: environment.subject,
        about: name,
        quotes: [{ where: environment.where, text: `${name}=${value}` }],
        values: { value },
        isPast: false,
        order: 0,
      })),
    );
}

const exporters = /^OTEL_(?:TRACES|METRICS|LOGS)_EXPORTER$/;
const knownExporters =
  /^(?:otlp|none|console|logging|zipkin|jaeger|prometheus|otlp_proto_(?:grpc|http)|otlp\/stdout|logging-otlp)$/;
const knownSamplers =
  /^(?:parentbased_)?(?:always_on|always_off|traceidratio)$|^(?:parentbased_)?jaeger_remote$|^xray$/;
const knownProtocols = /^(?:grpc|http\/protobuf|http\/json)$/;

function mend(name: string): CauseDraft['fix'] {
  return [run(`kubectl set env deployment/{workload} ${name}{namespaceFlag|}`)];
}

/** `OTEL_*` variables that make an SDK do something else than was meant. */
export const telemetrySettingsCauses: readonly Cause[] = defineCauses([
  {
    id: 'telemetry-disabled',
    step: 'telemetry',
    title: both('The SDK is switched off by OTEL_SDK_DISABLED', 'OTEL_SDK_DISABLED로 SDK가 꺼져 있습니다'),
    why: both(
      'It then sends nothing, and says nothing about it.',
      '아무것도 보내지 않고 아무 메시지도 남기지 않습니다.',
    ),
    signs: [
      inEnvironment((one) => settingsNamed(one, /^OTEL_SDK_DISABLED$/, (value) => /^true$/i.test(value))),
    ],
    fix: mend('OTEL_SDK_DISABLED-'),
  },
  {
    id: 'telemetry-exporter-none',
    step: 'telemetry',
    title: both(
      '{about|An exporter} is “none”: that signal is not sent',
      '{about|익스포터}가 “none”이라 해당 신호를 보내지 않습니다',
    ),
    why: both('“none” switches one signal off.', '“none”은 해당 신호를 끕니다.'),
    signs: [
      says(/(?<about>OTEL_(?:TRACES|METRICS|LOGS)_EXPORTER) contains "none"/),
      inEnvironment((one) =>
        settingsNamed(one, exporters, (value) => value.split(',').some((part) => part.trim() === 'none')),
      ),
    ],
    fix: mend('{about}=otlp'),
  },
  {
    id: 'telemetry-exporter-unknown',
    step: 'telemetry',
    title: both(
      '{about|An exporter} names one that does not exist: {value|}',
      '{about|익스포터}에 없는 이름이 지정되었습니다: {value|}',
    ),
    why: both(
      'Node is silent about it, Java and Python refuse to start.',
      'Node는 조용히 무시하고 Java·Python은 시작을 거부합니다.',
    ),
    signs: [
      says(/Unrecognized (?<about>OTEL_(?:TRACES|METRICS|LOGS)_EXPORTER) value: (?<value>[\w/-]+)/),
      says(/Unrecognized value for otel\.(?:traces|metrics|logs)\.exporter: (?<value>[\w/-]+)/),
      says(/Requested component '(?<value>[^']+)' not found in entry point/),
      inEnvironment((one) =>
        settingsNamed(one, exporters, (value) =>
          value.split(',').some((part) => !knownExporters.test(part.trim())),
        ),
      ),
    ],
    fix: mend('{about}=otlp'),
  },
  {
    id: 'telemetry-sampler-off',
    step: 'telemetry',
    title: both('The sampler keeps no trace', '샘플러가 트레이스를 하나도 남기지 않습니다'),
    why: both('always_off, or a ratio of 0.', 'always_off이거나 비율이 0입니다.'),
    signs: [
      inEnvironment((one) =>
        settingsNamed(one, /^OTEL_TRACES_SAMPLER$/, (value) => /always_off$/.test(value)),
      ),
      inEnvironment((one) =>
        /traceidratio$/.test(one.variables.OTEL_TRACES_SAMPLER ?? '')
          ? settingsNamed(one, /^OTEL_TRACES_SAMPLER_ARG$/, (value) => Number(value) === 0)
          : [],
      ),
    ],
    fix: mend('OTEL_TRACES_SAMPLER=parentbased_always_on'),
  },
  {
    id: 'telemetry-sampler-unknown',
    step: 'telemetry',
    title: both(
      'OTEL_TRACES_SAMPLER names a sampler that does not exist: {value|}',
      'OTEL_TRACES_SAMPLER에 없는 샘플러입니다: {value|}',
    ),
    why: both(
      'Most SDKs then use parentbased_always_on; Java does not start.',
      '대부분 parentbased_always_on을 쓰고 Java는 시작하지 않습니다.',
    ),
    signs: [
      says(
        /(?:unknown OTEL_TRACES_SAMPLER value|Couldn't recognize sampler|unsupported sampler:) "?(?<value>\w+)/i,
      ),
      says(/Unrecognized value for otel\.traces\.sampler: (?<value>\w+)/),
      inEnvironment((one) =>
        settingsNamed(one, /^OTEL_TRACES_SAMPLER$/, (value) => !knownSamplers.test(value)),
      ),
    ],
    fix: mend('OTEL_TRACES_SAMPLER=parentbased_always_on'),
  },
  {
    id: 'telemetry-sampler-ratio',
    step: 'telemetry',
    title: both(
      'OTEL_TRACES_SAMPLER_ARG is no number from 0 to 1: {value|}',
      'OTEL_TRACES_SAMPLER_ARG가 0~1 사이 수가 아닙니다: {value|}',
    ),
    why: both(
      '10 % is 0.1; what is out of range becomes 1.',
      '10 %는 0.1입니다. 범위를 벗어나면 1이 됩니다.',
    ),
    signs: [
      says(/(?<about>OTEL_TRACES_SAMPLER_ARG)=(?<value>\S+) was given, but it is (?:out of range|invalid)/),
      inEnvironment((one) =>
        /traceidratio$/.test(one.variables.OTEL_TRACES_SAMPLER ?? '')
          ? settingsNamed(
              one,
              /^OTEL_TRACES_SAMPLER_ARG$/,
              (value) => !(Number(value) >= 0 && Number(value) <= 1),
            )
          : [],
      ),
    ],
    fix: mend('OTEL_TRACES_SAMPLER_ARG=0.1'),
  },
  {
    id: 'telemetry-protocol-unknown',
    step: 'telemetry',
    title: both(
      '{about|The protocol} has a value that does not exist: {value|}',
      '{about|프로토콜} 값이 잘못되었습니다: {value|}',
    ),
    why: both(
      'It is one of grpc, http/protobuf and http/json.',
      'grpc, http/protobuf, http/json 중 하나여야 합니다.',
    ),
    signs: [
      says(/Unsupported OTLP (?:\w+ )?protocol:? '?(?<value>[\w/-]+)/),
      inEnvironment((one) =>
        settingsNamed(one, /^OTEL_EXPORTER_OTLP_(?:\w+_)?PROTOCOL$/, (value) => !knownProtocols.test(value)),
      ),
    ],
    fix: mend('{about}=http/protobuf'),
  },
  {
    id: 'telemetry-endpoint-no-scheme',
    step: 'telemetry',
    title: both(
      '{about|The endpoint} has no http:// or https://: {value|}',
      '{about|엔드포인트}에 http:// 또는 https://가 없습니다: {value|}',
    ),
    why: both(
      'Node then sends to localhost:4318, or over TLS with gRPC; Java does not start.',
      'Node는 localhost:4318로 보내고 Java는 시작하지 않습니다.',
    ),
    signs: [
      says(/^(?=[\s\S]*(?:OTLP|otlp|[Ee]xport))[\s\S]*Protocol "(?<value>[^"]+)" not supported/),
      says(/Could not parse (?:environment|user)-provided export URL: '(?<value>[^']*)'/),
      says(/(?:Invalid endpoint, must start with|OTLP endpoint scheme must be) http/),
      inEnvironment((one) =>
        endpointsOf(one).filter(({ value }) => !/^(?:https?|unix|dns):\/\//i.test(value)),
      ),
    ],
    fix: mend('{about}=http://{value}'),
  },
  {
    id: 'telemetry-path-doubled',
    step: 'telemetry',
    title: both(
      'The path is doubled: SDKs append /v1/traces to {about|the endpoint} themselves',
      '경로가 중복됩니다: SDK가 {about|엔드포인트}에 /v1/traces를 덧붙입니다',
    ),
    why: both(
      'The base endpoint ends before the signal’s path; the result is 404.',
      '기본 엔드포인트에는 신호 경로를 쓰지 않습니다. 결과는 404입니다.',
    ),
    signs: [
      inEnvironment((one) =>
        endpointsOf(one).filter(
          ({ name, value }) =>
            name === 'OTEL_EXPORTER_OTLP_ENDPOINT' &&
            protocolOf(one, name) !== 'grpc' &&
            /\/v1\/(?:traces|metrics|logs)\/?$/.test(value),
        ),
      ),
    ],
    fix: mend('OTEL_EXPORTER_OTLP_ENDPOINT=http://HOST:4318'),
  },
  {
    id: 'telemetry-path-missing',
    step: 'telemetry',
    title: both(
      '{about|The endpoint of one signal} is used as it is, and has no path',
      '{about|신호별 엔드포인트}는 그대로 사용되는데 경로가 없습니다',
    ),
    why: both(
      'Only the base variable gets /v1/… appended; this one posts to / and gets 404.',
      '기본 변수에만 /v1/…이 덧붙습니다. 이 변수는 /로 보내 404를 받습니다.',
    ),
    signs: [
      inEnvironment((one) =>
        endpointsOf(one).filter(
          ({ name, value }) =>
            /_(?:TRACES|METRICS|LOGS)_ENDPOINT$/.test(name) &&
            protocolOf(one, name).startsWith('http') &&
            /^https?:\/\/[^/]+\/?$/i.test(value),
        ),
      ),
    ],
    fix: [
      say(
        'Append the path: /v1/traces, /v1/metrics or /v1/logs.',
        '경로를 덧붙이세요: /v1/traces, /v1/metrics, /v1/logs.',
      ),
    ],
  },
  {
    id: 'telemetry-http-on-grpc-port',
    step: 'telemetry',
    certainty: 'likely',
    title: both(
      '{about|The endpoint} has the gRPC port 4317, and the protocol is {protocol|HTTP}',
      '{about|엔드포인트}는 gRPC 포트 4317인데 프로토콜은 {protocol|HTTP}입니다',
    ),
    why: both('4317 is for gRPC and 4318 for HTTP.', '4317은 gRPC, 4318은 HTTP용입니다.'),
    signs: [
      inEnvironment((one) =>
        endpointsOf(one).filter(
          ({ name, value }) => protocolOf(one, name).startsWith('http') && /:4317(?:\/|$)/.test(value),
        ),
      ),
    ],
    fix: [
      run('kubectl set env deployment/{workload} OTEL_EXPORTER_OTLP_PROTOCOL=grpc{namespaceFlag|}'),
      say('or the port 4318.', '또는 포트 4318을 사용하세요.'),
    ],
  },
  {
    id: 'telemetry-grpc-on-http-port',
    step: 'telemetry',
    certainty: 'likely',
    title: both(
      '{about|The endpoint} has the HTTP port 4318, and the protocol is gRPC',
      '{about|엔드포인트}는 HTTP 포트 4318인데 프로토콜은 gRPC입니다',
    ),
    why: both('4318 is for HTTP and 4317 for gRPC.', '4318은 HTTP, 4317은 gRPC용입니다.'),
    signs: [
      inEnvironment((one) =>
        endpointsOf(one).filter(
          ({ name, value }) => protocolOf(one, name) === 'grpc' && /:4318(?:\/|$)/.test(value),
        ),
      ),
    ],
    fix: mend('OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf'),
  },
  {
    id: 'telemetry-quotes-in-value',
    step: 'telemetry',
    title: both('Quotes are part of the value of {about|}', '{about|} 값에 따옴표가 포함되어 있습니다'),
    why: both(
      'YAML and the shell take one pair away; a second one stays.',
      'YAML이나 셸이 한 쌍만 제거하고 나머지는 남습니다.',
    ),
    signs: [inEnvironment((one) => settingsNamed(one, /^OTEL_/, (value) => /^["'].*["']$/.test(value)))],
    fix: [say('Write the value without quotes.', '따옴표 없이 쓰세요.')],
  },
  {
    id: 'telemetry-attributes-malformed',
    step: 'telemetry',
    title: both(
      'OTEL_RESOURCE_ATTRIBUTES has a pair that is no name=value',
      'OTEL_RESOURCE_ATTRIBUTES에 name=value가 아닌 항목이 있습니다',
    ),
    why: both(
      'Node drops all of them for one bad pair, and the service becomes unknown_service.',
      'Node는 하나만 틀려도 전부 버려 서비스가 unknown_service가 됩니다.',
    ),
    signs: [
      says(/Invalid format for (?<about>OTEL_RESOURCE_ATTRIBUTES): "(?<value>[^"]*)"/),
      says(/Invalid key value resource attribute pair/),
      inEnvironment((one) =>
        settingsNamed(one, /^OTEL_RESOURCE_ATTRIBUTES$/, (value) =>
          value.split(',').some((pair) => pair.trim() !== '' && !/^[^=\s][^=]*=[^=]*$/.test(pair.trim())),
        ),
      ),
    ],
    fix: mend('OTEL_RESOURCE_ATTRIBUTES=service.version=1.0,deployment.environment.name=production'),
  },
  {
    id: 'telemetry-service-name-unset',
    step: 'telemetry',
    certainty: 'likely',
    title: both(
      'No service name is set: the telemetry arrives as unknown_service',
      '서비스 이름이 없어 unknown_service로 도착합니다',
    ),
    why: both(
      'All services without a name are merged into one.',
      '이름 없는 서비스가 모두 하나로 합쳐집니다.',
    ),
    signs: [
      inEnvironment((one) =>
        hasServiceName(one)
          ? []
          : endpointsOf(one)
              .slice(0, 1)
              .map(({ value }) => ({
                name: 'OTEL_SERVICE_NAME',
                value: `(unset), while telemetry is sent to ${value}`,
              })),
      ),
    ],
    fix: mend('OTEL_SERVICE_NAME={workload}'),
  },
]);

function hasServiceName({ variables }: Environment): boolean {
  return (
    Object.hasOwn(variables, 'OTEL_SERVICE_NAME') ||
    /(?:^|,)\s*service\.name=./.test(variables.OTEL_RESOURCE_ATTRIBUTES ?? '') ||
    Object.hasOwn(variables, 'OTEL_CONFIG_FILE')
  );
}
