import { eachSample, type FunctionDefinition } from '../definition.ts';

export const clamp: FunctionDefinition = eachSample(
  'clamp',
  'limited to a least and a greatest value; nothing when the least is the greater',
  (value, [least = Number.NaN, greatest = Number.NaN]) =>
    greatest < least ? undefined : Math.max(least, Math.min(greatest, value)),
  { parameters: ['vector', 'scalar', 'scalar'] },
);

export const clampMin: FunctionDefinition = eachSample(
  'clamp_min',
  'limited to a least value',
  (value, [least = Number.NaN]) => Math.max(least, value),
  { parameters: ['vector', 'scalar'] },
);

export const clampMax: FunctionDefinition = eachSample(
  'clamp_max',
  'limited to a greatest value',
  (value, [greatest = Number.NaN]) => Math.min(greatest, value),
  { parameters: ['vector', 'scalar'] },
);
