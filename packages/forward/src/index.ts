export { conditionKind } from './condition/kind.ts';
export { destinationDefaults, forwardKind, withPaths } from './config.ts';
export { Forwarder, type ForwarderOptions, signalsOf } from './forwarder.ts';
export type { Lane, RefusedRequest } from './lane.ts';
export type { Part } from './part.ts';
export type { ProcessorSettings } from './processors/table.ts';
export type { TailPolicy } from './processors/tail-policies.ts';
export type { DestinationSettings, ForwardSettings } from './settings.ts';
export type { Position, Source, SourceRead, SourceRequest } from './source.ts';
