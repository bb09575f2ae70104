import { type Labels, withLabel } from '@maru/query-core';
import type { Template } from './ast.ts';
import { evaluateTemplate } from './evaluate.ts';
import { type TemplateContext, templateFunctions } from './functions.ts';
import { TemplateError } from './lexer.ts';
import { parseTemplate } from './parse.ts';
import type { Value } from './value.ts';

export type { TemplateContext } from './functions.ts';
export type { Value } from './value.ts';

const functionNames: ReadonlySet<string> = new Set(templateFunctions.keys());

/** What a template of an alert is about. */
export interface TemplateSubject {
  readonly labels: Labels;
  readonly externalLabels: Labels;
  readonly value: number;
}

/** What is wrong with a template, in one sentence; `undefined` when it can be read. */
export function checkTemplate(template: string): string | undefined {
  try {
    parseTemplate(template, functionNames);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
}

/** The template expanded; one that cannot be is a text that says so, so that the alert still goes out. */
export async function expandTemplate(
  template: string,
  { labels, externalLabels, value }: TemplateSubject,
  context: TemplateContext,
): Promise<string> {
  if (!template.includes('{{')) return template;
  const data = new Map<string, Value>([
    ['Labels', labels],
    ['ExternalLabels', externalLabels],
    ['ExternalURL', context.externalUrl],
    ['Value', value],
  ]);
  try {
    return await evaluateTemplate(parsed(template), data, context);
  } catch (error) {
    if (error instanceof TemplateError) return `<error expanding template: ${error.message}>`;
    throw error;
  }
}

function parsed(template: string): Template {
  return parseTemplate(template, functionNames);
}

/** Labels with others set over them; an empty value takes a label away. */
export function overlaid(labels: Labels, over: ReadonlyMap<string, string>): Labels {
  return [...over].reduce((result, [name, value]) => withLabel(result, name, value), labels);
}
