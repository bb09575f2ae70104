import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { examineText } from '../examine.ts';
import { readIncidents } from '../testing/incidents.ts';

const schemaFile = join(import.meta.dirname, '../../../../docs/reference/doctor.schema.json');

it('the answer in JSON is what its schema says, for every incident', () => {
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(schemaFile, 'utf8')));
  for (const { title, text } of [...readIncidents(), { title: 'nothing', text: '' }]) {
    validate(JSON.parse(JSON.stringify(examineText('paste.txt', text))));
    expect(validate.errors, title).toBeNull();
  }
});
