import {
  type Account,
  Cursor,
  concat,
  lengthDelimited,
  noKinds,
  type PointKinds,
  stringField,
  varintField,
} from '@maru/otlp';

/** Services that one account names; further ones are counted under `otherServices`. */
const maxNamedServices = 1000;
const otherServices = 'other';

/** Field numbers of the account, drawn in docs/reference/journal-format.md. */
const field = { items: 1, service: 2, serviceName: 1, serviceItems: 2, nestedValues: 9 } as const;

const kindFields: readonly (readonly [keyof PointKinds, number])[] = [
  ['number', 3],
  ['histogram', 4],
  ['exponentialHistogram', 5],
  ['summary', 6],
  ['exemplars', 7],
  ['nativeHistogram', 8],
];

export function encodeAccount({ items, services, kinds, nestedValues }: Account): Uint8Array {
  return concat(
    varintField(field.items, items),
    ...namedServices(services).map(([name, count]) =>
      lengthDelimited(
        field.service,
        stringField(field.serviceName, name),
        varintField(field.serviceItems, count),
      ),
    ),
    ...kindFields
      .filter(([kind]) => kinds[kind] > 0)
      .map(([kind, number]) => varintField(number, kinds[kind])),
    ...(nestedValues > 0 ? [varintField(field.nestedValues, nestedValues)] : []),
  );
}

function namedServices(services: ReadonlyMap<string, number>): (readonly [string, number])[] {
  const all = [...services];
  const rest = all.slice(maxNamedServices).reduce((sum, [, count]) => sum + count, 0);
  const named = all.slice(0, maxNamedServices);
  return rest === 0 ? named : [...named, [otherServices, rest]];
}

/** Reads an account of which the checksum was verified. Fields it does not know are left out. */
export function decodeAccount(bytes: Uint8Array): Account {
  const numbers = new Map<number, number>();
  const services = new Map<string, number>();
  const cursor = new Cursor(bytes);
  while (cursor.position < bytes.length) {
    const tag = cursor.tag(bytes.length);
    if (tag === field.service * 8 + 2) addService(services, cursor);
    else if ((tag & 7) === 0) numbers.set(tag >>> 3, cursor.varint(bytes.length));
    else cursor.skipValue(tag & 7, bytes.length);
  }
  return {
    items: numbers.get(field.items) ?? 0,
    services,
    kinds: kindsOf(numbers),
    nestedValues: numbers.get(field.nestedValues) ?? 0,
  };
}

function addService(services: Map<string, number>, cursor: Cursor): void {
  const stop = cursor.length(cursor.bytes.length) + cursor.position;
  let name = '';
  let count = 0;
  while (cursor.position < stop) {
    const tag = cursor.tag(stop);
    if (tag === field.serviceName * 8 + 2) name = text(cursor, stop);
    else if (tag === field.serviceItems * 8) count = cursor.varint(stop);
    else cursor.skipValue(tag & 7, stop);
  }
  services.set(name, (services.get(name) ?? 0) + count);
}

function text(cursor: Cursor, end: number): string {
  const length = cursor.length(end);
  const start = cursor.position;
  cursor.position += length;
  return new TextDecoder().decode(cursor.bytes.subarray(start, start + length));
}

function kindsOf(numbers: ReadonlyMap<number, number>): PointKinds {
  const of = (field: number): number => numbers.get(field) ?? 0;
  return {
    number: of(3),
    histogram: of(4),
    exponentialHistogram: of(5),
    summary: of(6),
    exemplars: of(7),
    nativeHistogram: of(8),
  };
}

/** The sum of accounts. */
export function addAccounts(accounts: Iterable<Account>): Account {
  let items = 0;
  let nestedValues = 0;
  const services = new Map<string, number>();
  const kinds = { ...noKinds };
  for (const account of accounts) {
    items += account.items;
    nestedValues += account.nestedValues;
    for (const [name, count] of account.services) services.set(name, (services.get(name) ?? 0) + count);
    for (const [kind] of kindFields) kinds[kind] += account.kinds[kind];
  }
  return { items, services, kinds, nestedValues };
}
