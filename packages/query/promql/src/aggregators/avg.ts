import { meanOf } from '../functions/kahan.ts';
import { type Aggregator, perStep } from './definition.ts';

export const avg: Aggregator = perStep('avg', 'mean of the values', meanOf);
