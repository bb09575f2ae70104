export {
  attribute,
  type GeneratorOptions,
  itemAttribute,
  logsRequest,
  metricsRequest,
  tracesRequest,
} from './otlp.ts';
export { below, pick, randomBytes, seededRandom } from './otlp-random.ts';
