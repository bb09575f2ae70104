// What others than forwarding open requests with
export { printed, readAttributes } from './attributes.ts';
export { type Field, fixed64Of, readFields, textOf, varintOf } from './fields.ts';
export { pointsOf, readTelemetry } from './telemetry.ts';
