import { referenceTable } from '@maru/config';
import { configKind } from './config.ts';

/** docs/reference/configuration.md, whole; a test keeps the file equal to it. */
export function configReference(): string {
  return `${head}\n${referenceTable(configKind.inner ?? [])}\n`;
}

const head = `# The configuration file

Generated from the tables that read it (\`packages/server/src/config\`); do not edit.

\`./maru serve --config FILE\` reads it; without the flag, \`maru.yaml\` in the data directory counts when it is there. Flags
override the file. \`\${env:NAME}\` and \`\${env:NAME:-default}\` stand for variables of the environment, \`$$\` for a dollar sign. File
names are relative to the file. A setting that is not known, or a value that is not what it should be, ends the start with line and
column; nothing starts half-configured. \`./maru config check FILE\` names everything that is wrong, and says what would run.
`;
