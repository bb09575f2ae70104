import { dirname, resolve } from 'node:path';
import { type Kind, name, scalar } from '@maru/config';
import { parseDuration } from '@maru/query-core/duration';

/** Milliseconds of a duration as Prometheus writes it: `15s`, `1m30s`; more than 0. */
export const prometheusDuration: Kind<number> = scalar(
  'a duration such as 15s',
  (value) => parseDuration(String(value)) || undefined,
);

const sizeUnits: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** Bytes of a size as Prometheus writes it: `10MB` and `10MiB` are the same there. */
export const prometheusSize: Kind<number> = scalar('a size such as 10MB', (value) => {
  const [, digits, unit = ''] = /^(\d+) ?([KMG]?)i?B?$/i.exec(String(value)) ?? [];
  return digits === undefined ? undefined : Number(digits) * (sizeUnits[unit.toUpperCase()] ?? 1);
});

/** A file's name, relative to the file that names it; the value is absolute. */
export const filePath: Kind<string> = {
  expected: 'the name of a file',
  read: (node, path, problems) => {
    const given = name.read(node, path, problems);
    return given === undefined ? undefined : resolve(dirname(node.place.file), given);
  },
};
