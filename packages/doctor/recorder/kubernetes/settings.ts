import { container, deployment, pod, service, sleeping } from './objects.ts';
import type { Scenario, View } from './scenario.ts';

type Variables = Readonly<Record<string, string>>;

const views: readonly View[] = [
  { args: 'describe deployment', alsoOld: true },
  { args: 'get deployments -o yaml' },
  { args: 'set env deployment/board-api --list' },
];

function env(variables: Variables): readonly object[] {
  return Object.entries(variables).map(([name, value]) => ({ name, value }));
}

function told(
  name: string,
  fires: readonly string[],
  unlike: readonly string[],
  variables: Variables,
): Scenario {
  const named = { OTEL_SERVICE_NAME: 'board-api', ...variables };
  return {
    name,
    fires,
    unlike,
    objects: [deployment([{ ...sleeping, env: env(named) }])],
    shows: /board-api/,
    views,
  };
}

const endpoint = {
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://maru.maru:4318',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
};

/** Deployments whose `OTEL_*` variables make an SDK do something else than was meant. */
export const telemetry: readonly Scenario[] = [
  told('all is well', [], ['telemetry-path-doubled', 'telemetry-service-name-unset'], {
    ...endpoint,
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_TRACES_SAMPLER: 'always_on',
    OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.4,deployment.environment=prod',
  }),
  told('the SDK is off', ['telemetry-disabled'], ['telemetry-exporter-none'], { OTEL_SDK_DISABLED: 'true' }),
  told('no exporter', ['telemetry-exporter-none'], ['telemetry-exporter-unknown'], {
    OTEL_LOGS_EXPORTER: 'none',
  }),
  told('an exporter mistyped', ['telemetry-exporter-unknown'], ['telemetry-exporter-none'], {
    OTEL_TRACES_EXPORTER: 'oltp',
  }),
  told('no sample', ['telemetry-sampler-off'], ['telemetry-sampler-unknown'], {
    OTEL_TRACES_SAMPLER: 'always_off',
  }),
  told('a sampler mistyped', ['telemetry-sampler-unknown'], ['telemetry-sampler-off'], {
    OTEL_TRACES_SAMPLER: 'alwayson',
  }),
  told('10 for ten per cent', ['telemetry-sampler-ratio'], ['telemetry-sampler-off'], {
    OTEL_TRACES_SAMPLER: 'traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '10',
  }),
  told('a protocol of no SDK', ['telemetry-protocol-unknown'], ['telemetry-http-on-grpc-port'], {
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http',
  }),
  told('no scheme', ['telemetry-endpoint-no-scheme'], ['telemetry-path-missing'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'maru.maru:4318',
  }),
  told('the path twice', ['telemetry-path-doubled'], ['telemetry-path-missing'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://maru.maru:4318/v1/traces',
  }),
  told('no path', ['telemetry-path-missing'], ['telemetry-path-doubled'], {
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://maru.maru:4318',
  }),
  told('HTTP to 4317', ['telemetry-http-on-grpc-port'], ['telemetry-grpc-on-http-port'], {
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://maru.maru:4317',
  }),
  told('gRPC to 4318', ['telemetry-grpc-on-http-port'], ['telemetry-http-on-grpc-port'], {
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://maru.maru:4318',
  }),
  {
    ...told('quotes that stayed', ['telemetry-quotes-in-value'], ['telemetry-attributes-malformed'], {
      OTEL_SERVICE_NAME: '"board-api"',
    }),
    // A list of settings may be quoted as a file of them is: there the quotes tell nothing.
    views: views.map((view) => (view.args.startsWith('set env') ? { ...view, fires: [] } : view)),
  },
  told('attributes with a space', ['telemetry-attributes-malformed'], ['telemetry-service-name-unset'], {
    OTEL_RESOURCE_ATTRIBUTES: 'service.version 1.4,team=board',
  }),
  {
    ...told('no name', ['telemetry-service-name-unset'], ['telemetry-endpoint-no-scheme'], {}),
    objects: [deployment([{ ...sleeping, env: env(endpoint) }])],
  },
  told('two exporters', ['telemetry-two-exporters'], ['telemetry-exporter-unknown'], {
    ...endpoint,
    OTEL_TRACES_EXPORTER: 'otlp,zipkin',
  }),
  told('a file that wins', ['telemetry-settings-in-file'], ['telemetry-signals-apart'], {
    ...endpoint,
    OTEL_CONFIG_FILE: '/etc/otel.yaml',
  }),
  told('two names', ['telemetry-service-name-overridden'], ['telemetry-service-name-unset'], {
    ...endpoint,
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=backend,service.version=1.2.0',
  }),
  told('traces go somewhere else', ['telemetry-signals-apart'], ['telemetry-settings-in-file'], {
    ...endpoint,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://old-tempo:4318/v1/traces',
  }),
  {
    ...told('a Collector that came later', ['collector-without-senders'], ['telemetry-two-exporters'], {}),
    objects: [
      deployment([{ ...sleeping, env: env({ OTEL_SERVICE_NAME: 'board-api', ...endpoint }) }]),
      deployment(
        [{ ...sleeping, image: 'hyunwoo.azurecr.io/opentelemetry-collector:0.140.0' }],
        {},
        'otel-collector',
      ),
      service('otel-collector', { selector: { app: 'otel-collector' }, ports: [{ port: 4318 }] }),
    ],
    shows: /otel-collector-\S+\s+1\/1/,
    views: [
      { args: 'get deployments,services,pods -o json' },
      { args: 'get deployments,services,pods -o yaml' },
    ],
  },
];

const http = { ports: [{ name: 'http', containerPort: 5000 }] };

function ingress(name: string, spec: object): object {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name }, spec };
}

function ruleTo(name: string): object {
  return {
    rules: [
      {
        host: 'board.20.1.2.3.nip.io',
        http: {
          paths: [{ path: '/api', pathType: 'Prefix', backend: { service: { name, port: { number: 80 } } } }],
        },
      },
    ],
  };
}

function policy(name: string, spec: object): object {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name }, spec };
}

const everything = { podSelector: {}, policyTypes: ['Egress'] };
const dns = { ports: [53].flatMap((port) => ['UDP', 'TCP'].map((protocol) => ({ port, protocol }))) };

function calling(variables: Variables): object {
  return deployment([{ ...sleeping, env: env({ OTEL_SERVICE_NAME: 'board-api', ...variables }) }]);
}

/** Ways to a pod, and what keeps a pod from its ways. */
export const network: readonly Scenario[] = [
  {
    name: 'a selector of other labels',
    fires: ['service-selector-mismatch'],
    unlike: ['service-target-port'],
    objects: [
      deployment([{ ...sleeping, ...http }]),
      service('board-api', { selector: { app: 'api' }, ports: [{ port: 80, targetPort: 5000 }] }),
    ],
    shows: /board-api-\w+-/,
    views: [{ args: 'get services,pods,endpoints -o json' }],
  },
  {
    name: 'a pod that is not ready',
    fires: ['not-ready'],
    follows: ['service-without-endpoints'],
    unlike: ['service-selector-mismatch'],
    objects: [
      deployment([
        {
          ...container('exec sleep 100000'),
          ...http,
          readinessProbe: { exec: { command: ['cat', '/ready'] } },
        },
      ]),
      service('board-api', { selector: { app: 'board-api' }, ports: [{ port: 80, targetPort: 5000 }] }),
    ],
    shows: /Unhealthy/,
    views: [
      { args: 'get services,pods,endpoints -o json' },
      { args: 'describe service', fires: ['service-without-endpoints'], follows: [], alsoOld: true },
    ],
  },
  {
    name: 'a port that no container declares',
    fires: ['service-target-port'],
    unlike: ['service-selector-mismatch'],
    objects: [
      deployment([{ ...sleeping, ...http }]),
      service('board-api', { selector: { app: 'board-api' }, ports: [{ port: 80, targetPort: 'web' }] }),
    ],
    shows: /Started/,
    views: [{ args: 'get services,pods -o json' }],
  },
  {
    name: 'an ingress to a service that is not there',
    fires: ['ingress-service-missing'],
    unlike: ['service-without-endpoints'],
    objects: [service('board-api', { ports: [{ port: 80 }] }), ingress('board', ruleTo('board-ap'))],
    shows: /board-api/,
    views: [{ args: 'get ingresses,services -o json' }, { args: 'describe ingress', alsoOld: true }],
  },
  {
    name: 'a class that nobody claims',
    fires: ['ingress-class-unclaimed'],
    unlike: ['ingress-service-missing'],
    objects: [
      service('board-api', { ports: [{ port: 80 }] }),
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'IngressClass',
        metadata: { name: 'webapprouting.kubernetes.azure.com' },
        spec: { controller: 'webapprouting.kubernetes.azure.com/nginx' },
      },
      ingress('board', { ingressClassName: 'nginx', ...ruleTo('board-api') }),
    ],
    shows: /board-api/,
    views: [
      { args: 'get ingresses,ingressclasses,services -o json' },
      { args: 'get ingresses,ingressclasses -o yaml' },
    ],
  },
  {
    name: 'a policy that lets nothing out',
    fires: ['policy-blocks-dns'],
    unlike: ['otlp-timeout'],
    objects: [policy('default-deny', everything), calling(endpoint)],
    shows: /board-api-\w+-/,
    follows: ['policy-blocks-telemetry'],
    views: [{ args: 'get networkpolicies,pods -o json' }, { args: 'get networkpolicies,pods -o yaml' }],
  },
  {
    name: 'a policy that lets names out alone',
    fires: ['policy-blocks-telemetry'],
    unlike: ['policy-blocks-dns'],
    objects: [
      policy('names-only', { ...everything, egress: [dns] }),
      calling({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://10.30.0.4:4318' }),
    ],
    shows: /board-api-\w+-/,
    views: [{ args: 'get networkpolicies,pods -o json' }],
  },
  {
    name: 'a policy between the program and its database',
    fires: ['policy-blocks-connection'],
    unlike: ['policy-blocks-dns', 'policy-blocks-telemetry'],
    objects: [
      policy('no-database', { ...everything, egress: [dns, { ports: [{ port: 4318 }] }] }),
      calling({
        DATABASE_URL: 'mysql://10.30.0.7:3306/board',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://10.30.0.4:4318',
      }),
    ],
    shows: /board-api-\w+-/,
    views: [{ args: 'get networkpolicies,pods -o json' }],
  },
  {
    name: 'a load balancer that no cloud makes',
    fires: ['load-balancer-pending'],
    unlike: ['service-selector-mismatch'],
    objects: [
      pod([sleeping]),
      service('board-web', { type: 'LoadBalancer', selector: { app: 'board-api' }, ports: [{ port: 80 }] }),
    ],
    // Five minutes are what a cloud may take.
    shows: /board-web\s+LoadBalancer\s.*\s[5-9]m/,
    seconds: 400,
    views: [{ args: 'get services' }],
  },
];
