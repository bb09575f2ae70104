import { quantityOf } from './quantity.ts';

/** A field that would be another one afterwards. */
export interface Difference {
  /** `spec.template.spec.containers[api].image` */
  readonly path: string;
  /** Undefined: it is not there now. */
  readonly live: unknown;
  /** Undefined: applying takes it away. */
  readonly wanted: unknown;
}

/** The fields by which Kubernetes tells the items of its lists apart, the first that all items have. */
const keys = ['name', 'mountPath', 'containerPort', 'port', 'type', 'ip'] as const;

/** Written by the server, or of no consequence for what runs. */
const unread =
  /^(?:status|metadata\.(?:uid|resourceVersion|generation|creationTimestamp|managedFields))(?:\.|$)/;

type Fields = Readonly<Record<string, unknown>>;

/**
 * What applying an object would change on the live one. As `kubectl apply` has it, fields that the file does not name are left
 * alone (the server fills in defaults), unless the last apply named them: those it takes away.
 */
export function differences(wanted: unknown, live: unknown, lastApplied: unknown): readonly Difference[] {
  return compared('', wanted, live, lastApplied).filter(({ path }) => !unread.test(path));
}

function compared(path: string, wanted: unknown, live: unknown, last: unknown): readonly Difference[] {
  if (isFields(wanted) && isFields(live))
    return comparedFields(path, wanted, live, isFields(last) ? last : {});
  if (Array.isArray(wanted) && Array.isArray(live)) {
    const key = keyOf([wanted, live]);
    if (key !== undefined) {
      const before = Array.isArray(last) && keyOf([last]) === key ? last : [];
      return comparedFields(path, byKey(wanted, key), byKey(live, key), byKey(before, key), true);
    }
    if (wanted.length === live.length)
      return wanted.flatMap((item, index) => compared(`${path}[${index}]`, item, live[index], undefined));
  }
  return isSame(wanted, live) ? [] : [{ path, live, wanted }];
}

function comparedFields(
  path: string,
  wanted: Fields,
  live: Fields,
  last: Fields,
  isList = false,
): readonly Difference[] {
  const inside = (name: string): string => {
    if (isList) return `${path}[${name}]`;
    return path === '' ? name : `${path}.${name}`;
  };
  const changed = Object.keys(wanted).flatMap((name) =>
    compared(inside(name), wanted[name], live[name], last[name]),
  );
  const taken = Object.keys(last).filter((name) => !(name in wanted) && live[name] !== undefined);
  return [...changed, ...taken.map((name) => ({ path: inside(name), live: live[name], wanted: undefined }))];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keyOf(lists: readonly (readonly unknown[])[]): (typeof keys)[number] | undefined {
  const items = lists.flat();
  if (items.length === 0 || !items.every(isFields)) return undefined;
  return keys.find((key) =>
    lists.every(
      (list) =>
        new Set(list.map((item) => (item as Fields)[key])).size === list.length &&
        list.every((item) => (item as Fields)[key] !== undefined),
    ),
  );
}

function byKey(items: readonly unknown[], key: string): Fields {
  return Object.fromEntries(items.filter(isFields).map((item) => [String(item[key]), item]));
}

/** An absent field and an empty one are the same to Kubernetes; so are `1Gi` and `1024Mi`, 80 and "80". */
function isSame(wanted: unknown, live: unknown): boolean {
  if (wanted === live || (isEmpty(wanted) && isEmpty(live))) return true;
  if (wanted === undefined || live === undefined || isFields(wanted) || isFields(live)) return false;
  if (String(wanted) === String(live)) return true;
  const [one, other] = [quantityOf(wanted), quantityOf(live)];
  return one !== undefined && one === other;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isFields(value) && Object.values(value).every(isEmpty);
}
