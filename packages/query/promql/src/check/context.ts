import type { Span } from '@maru/query-core';
import type { PromqlSettings } from '../settings.ts';
import type { Expression } from '../syntax/ast.ts';
import type { ValueType } from './types.ts';

/** What the checks of one query share. */
export interface CheckContext {
  readonly text: string;
  readonly settings: PromqlSettings;
  fail(span: Span, message: string): never;
  typeOf(expression: Expression): ValueType;
}
