// Syntax
export type * as LogQL from './syntax/ast.ts';
export { parse, parseSelector } from './syntax/parse.ts';
export { print } from './syntax/print.ts';
