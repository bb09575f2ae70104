import { join, type Sql, sql } from '@maru/store';
import type { LineFilter, LineFilterOperand } from '../syntax/ast.ts';
import { notSupported } from '../syntax/error.ts';

/** A line filter as a condition on a row of `logs`. */
export function lineFilterSql(filter: LineFilter, text: string): Sql {
  const any = sql`(${join(
    filter.operands.map((operand) => operandSql(filter, operand, text)),
    ' OR ',
  )})`;
  return filter.operator.startsWith('!') ? sql`NOT ${any}` : any;
}

function operandSql({ operator }: LineFilter, operand: LineFilterOperand, text: string): Sql {
  if (operand.function === 'ip') throw notSupported(text, operand.start, 'ip()');
  switch (operator) {
    case '|=':
    case '!=':
      return sql`position(body, ${operand.value}) > 0`;
    case '|~':
    case '!~':
      // Go's `.` does not match a line's end; the engine's does unless told.
      return sql`match(body, ${`(?-s:${operand.value})`})`;
    default:
      throw notSupported(text, operand.start, `line filter ${operator}`);
  }
}
