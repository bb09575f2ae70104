import { readFileSync } from 'node:fs';
import { repository } from './repository.ts';

/** One instruction of a Dockerfile, continuation lines joined. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** One stage, from its `FROM` to the next. */
export type Stage = readonly Instruction[];

export const images = ['maru', 'board-api', 'board-web'] as const;

export type Image = (typeof images)[number];

/** The instructions before the first `FROM`, then each stage; comments left out. */
export function stagesOf(image: Image): readonly Stage[] {
  const text = readFileSync(`${repository}/deploy/images/${image}.Dockerfile`, 'utf8');
  const lines = text.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\\\n\s*/g, '');
  const instructions = lines.split('\n').filter(Boolean).map(parseInstruction);
  const starts = instructions.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []));
  return [0, ...starts].map((start, index) => instructions.slice(start, starts[index] ?? undefined));
}

function parseInstruction(line: string): Instruction {
  const [, name = '', text = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
  return { name, text };
}

/** The texts of a stage's instructions of one name. */
export function textsOf(stage: Stage | undefined, name: string): readonly string[] {
  return (stage ?? []).filter((instruction) => instruction.name === name).map(({ text }) => text);
}
