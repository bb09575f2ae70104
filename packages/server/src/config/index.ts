export { checkConfig, configFileName, loadConfig, parseConfig } from './load.ts';
export { configReference } from './reference.ts';
