import { expect, it } from 'vitest';
import { commandSettings } from './command-settings.ts';

const words = (line: string): readonly string[] => line.split(' ');

it('takes what stands in front of the program, and nothing behind it', () => {
  expect(commandSettings(words('OTEL_SERVICE_NAME=board A=b=c node app.js B=no')).variables).toEqual({
    OTEL_SERVICE_NAME: 'board',
    A: 'b=c',
  });
});

it('knows env, with what it takes away', () => {
  const settings = commandSettings(words('env -u OTEL_SDK_DISABLED A=1 node app.js C=no'));
  expect(settings).toEqual({
    variables: { A: '1' },
    files: [],
    removed: ['OTEL_SDK_DISABLED'],
    isEmpty: false,
  });
  expect(commandSettings(words('env -i A=1 node app.js')).isEmpty).toBe(true);
});

it('knows the files of Node', () => {
  expect(commandSettings(words('node --env-file=.env --env-file more.env app.js')).files).toEqual([
    '.env',
    'more.env',
  ]);
});

it('knows that a container gets what it is given and nothing else', () => {
  const settings = commandSettings(words('docker run -e A=1 --env B=2 --env=C=3 --env-file .env image D=no'));
  expect(settings).toMatchObject({ variables: { A: '1', B: '2', C: '3' }, files: ['.env'], isEmpty: true });
});
