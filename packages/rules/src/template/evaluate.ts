import type { Body, Command, Node, Operand, Pipeline, Template } from './ast.ts';
import { type TemplateContext, templateFunctions } from './functions.ts';
import { TemplateError } from './lexer.ts';
import { isList, isMap, isTrue, printValue, type Value } from './value.ts';

/** Bounds on what one expansion may do: templates loop, and are given what queries find. */
const maxSteps = 100_000;
const maxOutput = 1_000_000;
const maxDepth = 50;

/** Expands a parsed template. Rejects with a `TemplateError`. */
export async function evaluateTemplate(
  template: Template,
  data: ReadonlyMap<string, Value>,
  context: TemplateContext,
): Promise<string> {
  const run = new Run(template, context);
  const variables = [
    ['$', data],
    ['$labels', data.get('Labels') ?? null],
    ['$externalLabels', data.get('ExternalLabels') ?? null],
    ['$externalURL', data.get('ExternalURL') ?? null],
    ['$value', data.get('Value') ?? null],
  ] as const;
  await run.body(template.body, data, new Scope(undefined, new Map(variables)));
  return run.output;
}

class Scope {
  readonly #outer: Scope | undefined;
  readonly #values: Map<string, Value>;

  constructor(outer: Scope | undefined, values: Map<string, Value> = new Map()) {
    this.#outer = outer;
    this.#values = values;
  }

  get(name: string): Value {
    return this.#values.has(name) ? (this.#values.get(name) ?? null) : (this.#outer?.get(name) ?? null);
  }

  declare(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  assign(name: string, value: Value): void {
    if (this.#values.has(name) || this.#outer === undefined) this.#values.set(name, value);
    else this.#outer.assign(name, value);
  }
}

type Flow = 'on' | 'break' | 'continue';

class Run {
  output = '';
  readonly #template: Template;
  readonly #context: TemplateContext;
  #steps = 0;
  #depth = 0;

  constructor(template: Template, context: TemplateContext) {
    this.#template = template;
    this.#context = context;
  }

  async body(nodes: Body, dot: Value, scope: Scope): Promise<Flow> {
    for (const node of nodes) {
      this.#step();
      const flow = await this.#node(node, dot, scope);
      if (flow !== 'on') return flow;
    }
    return 'on';
  }

  #step(): void {
    this.#steps += 1;
    if (this.#steps > maxSteps) throw new TemplateError(`the template takes more than ${maxSteps} steps`);
  }

  async #node(node: Node, dot: Value, scope: Scope): Promise<Flow> {
    switch (node.kind) {
      case 'text':
        return this.#write(node.text);
      case 'output': {
        const value = await this.#pipeline(node.pipeline, dot, scope);
        return node.pipeline.variables.length > 0 ? 'on' : this.#write(printValue(value));
      }
      case 'if':
      case 'with':
        return this.#branch(node, dot, new Scope(scope));
      case 'range':
        return this.#range(node, dot, new Scope(scope));
      case 'template':
        return this.#call(node, dot, scope);
      default:
        return node.kind;
    }
  }

  #write(text: string): Flow {
    this.output += text;
    if (this.output.length > maxOutput)
      throw new TemplateError(`the template writes more than ${maxOutput} characters`);
    return 'on';
  }

  async #branch(node: Extract<Node, { kind: 'if' | 'with' }>, dot: Value, scope: Scope): Promise<Flow> {
    const value = await this.#pipeline(node.pipeline, dot, scope);
    if (!isTrue(value)) return this.body(node.otherwise, dot, new Scope(scope));
    return this.body(node.body, node.kind === 'with' ? value : dot, new Scope(scope));
  }

  async #range(node: Extract<Node, { kind: 'range' }>, dot: Value, scope: Scope): Promise<Flow> {
    const value = await this.#pipeline({ ...node.pipeline, variables: [] }, dot, scope);
    const entries = entriesOf(value);
    if (entries.length === 0) return this.body(node.otherwise, dot, new Scope(scope));
    for (const [key, item] of entries) {
      this.#step();
      const inner = new Scope(scope);
      const [first, second] = node.pipeline.variables;
      if (first !== undefined) inner.declare(first, second === undefined ? item : key);
      if (second !== undefined) inner.declare(second, item);
      if ((await this.body(node.body, item, inner)) === 'break') break;
    }
    return 'on';
  }

  async #call(node: Extract<Node, { kind: 'template' }>, dot: Value, scope: Scope): Promise<Flow> {
    const body = this.#template.defined.get(node.name);
    if (body === undefined) throw new TemplateError(`template ${JSON.stringify(node.name)} not defined`);
    this.#depth += 1;
    if (this.#depth > maxDepth)
      throw new TemplateError(`templates call each other more than ${maxDepth} deep`);
    const value = node.pipeline === undefined ? null : await this.#pipeline(node.pipeline, dot, scope);
    await this.body(body, value, new Scope(undefined, new Map([['$', value]])));
    this.#depth -= 1;
    return 'on';
  }

  async #pipeline({ commands, variables, declares }: Pipeline, dot: Value, scope: Scope): Promise<Value> {
    let value: Value | undefined;
    for (const command of commands) value = await this.#command(command, value, dot, scope);
    const result = value ?? null;
    for (const name of variables) {
      if (declares) scope.declare(name, result);
      else scope.assign(name, result);
    }
    return result;
  }

  async #command(command: Command, before: Value | undefined, dot: Value, scope: Scope): Promise<Value> {
    const [first, ...rest] = command;
    if (first === undefined) throw new TemplateError('missing value for command');
    if (first.kind !== 'function') {
      if (rest.length > 0 || before !== undefined)
        throw new TemplateError("can't give argument to what is no function");
      return this.#operand(first, dot, scope);
    }
    const values: Value[] = [];
    for (const operand of rest) values.push(await this.#operand(operand, dot, scope));
    if (before !== undefined) values.push(before);
    return this.#function(first.name, values);
  }

  async #function(name: string, values: readonly Value[]): Promise<Value> {
    const called = templateFunctions.get(name);
    if (called === undefined) throw new TemplateError(`function ${JSON.stringify(name)} not defined`);
    try {
      return await called(values, this.#context);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new TemplateError(`error calling ${name}: ${why}`, { cause: error });
    }
  }

  async #operand(operand: Operand, dot: Value, scope: Scope): Promise<Value> {
    switch (operand.kind) {
      case 'constant':
        return constant(operand);
      case 'dot':
        return dot;
      case 'variable':
        return scope.get(operand.name);
      case 'function':
        return this.#function(operand.name, []);
      case 'pipeline':
        return this.#pipeline(operand.pipeline, dot, new Scope(scope));
      case 'fields':
        return operand.names.reduce(field, await this.#operand(operand.of, dot, scope));
    }
  }
}

function constant({ value, isFloat }: Extract<Operand, { kind: 'constant' }>): Value {
  return typeof value === 'number' && isFloat !== true ? BigInt(value) : value;
}

/** A missing key of a map reads as an empty text, as Prometheus has it (`missingkey=zero`). */
function field(value: Value, name: string): Value {
  if (isMap(value)) return value.get(name) ?? '';
  throw new TemplateError(`can't evaluate field ${name} in ${printValue(value)}`);
}

function entriesOf(value: Value): readonly (readonly [Value, Value])[] {
  if (isList(value)) return value.map((item, index) => [BigInt(index), item] as const);
  if (isMap(value)) return [...value].toSorted(([left], [right]) => (left < right ? -1 : 1));
  if (value === null) return [];
  if (typeof value === 'bigint') return counted(Number(value));
  throw new TemplateError(`range can't iterate over ${printValue(value)}`);
}

function counted(count: number): readonly (readonly [Value, Value])[] {
  if (count > maxSteps) throw new TemplateError(`the template takes more than ${maxSteps} steps`);
  return Array.from({ length: Math.max(0, count) }, (_, index) => [BigInt(index), BigInt(index)]);
}
