export { type Certificate, issueCertificate } from './certificates.ts';
export { type FixtureSettings, RunningClickHouse } from './clickhouse/running-clickhouse.ts';
export { hasDockerRegistry, type RunningRegistry, startDockerRegistry } from './docker-registry.ts';
export { type FakeApiOptions, FakeApiServer } from './kubernetes/fake-api-server.ts';
export type { ApiRequest } from './kubernetes/request.ts';
export type { Trouble } from './kubernetes/trouble.ts';
export { type ManySeries, manySeriesMetric, manySeriesRequests } from './many-series.ts';
export {
  attribute,
  type GeneratorOptions,
  itemAttribute,
  logsRequest,
  metricsRequest,
  tracesRequest,
} from './otlp.ts';
export { below, pick, randomBytes, seededRandom } from './otlp-random.ts';
export { itemNumbers, OtlpReceiver, type ReceivedRequest, type ReceiverAnswer } from './otlp-receiver.ts';
export { mutated, variedRequest } from './otlp-varied.ts';
export { freePorts } from './stack/free-ports.ts';
export {
  alertmanagerProgram,
  startPeerAlertmanager,
} from './stack/peer-alertmanager.ts';
export { type PeerProcess, startPeer } from './stack/peer-process.ts';
export { RunningStack, type StackOptions } from './stack/running-stack.ts';
