import type { Kind } from '@maru/config';
import { compileCondition } from './compile.ts';
import type { Context } from './subject.ts';
import { ConditionError } from './tokens.ts';

/** A condition in a configuration file: checked when it is read, kept as its text. */
export function conditionKind(context: Context): Kind<string> {
  return {
    expected: 'a condition',
    read: (node, name, problems) => {
      if (node.kind !== 'scalar' || typeof node.value !== 'string')
        return problems.add(node.place, `${name} must be a condition such as name == "GET /healthz"`);
      try {
        compileCondition(node.value, context);
        return node.value;
      } catch (error) {
        if (!(error instanceof ConditionError)) throw error;
        return problems.add(node.place, `${name}, at its character ${error.column}: ${error.message}`);
      }
    },
  };
}
