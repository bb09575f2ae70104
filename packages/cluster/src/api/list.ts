import { type Gap, gap, refusedGap } from '../gap.ts';
import { at, listAt, textAt } from '../json.ts';
import type { SeenObject } from '../seen.ts';
import { type ApiAnswer, type ApiConnection, ApiFailure } from './connection.ts';
import { pathOf, type Resource, rbacName } from './resources.ts';

/** The objects of one kind as far as they could be read, and why not further. */
export interface Listing {
  readonly objects: readonly SeenObject[];
  readonly gaps: readonly Gap[];
  /** False: the API server does not have this kind (an add-on that is not installed). No gap then. */
  readonly isServed: boolean;
}

/** Objects a page: 500 is kubectl's. */
const pageSize = '500';

/** How often a list whose pages went out of date (410) is begun anew. */
const mostRestarts = 3;

/** Reads all pages. Never rejects: what could not be read is a gap beside what could. */
export async function listObjects(
  connection: ApiConnection,
  resource: Resource,
  namespace = '',
): Promise<Listing> {
  let objects: SeenObject[] = [];
  let token = '';
  let restarts = 0;
  for (;;) {
    const page = await readPage(connection, resource, namespace, token);
    if ('expired' in page) {
      if (restarts++ >= mostRestarts) return { objects, gaps: [changingGap(resource)], isServed: true };
      objects = [];
      token = '';
      continue;
    }
    if ('gap' in page) return { objects, gaps: [withCount(page.gap, objects.length)], isServed: true };
    if ('absent' in page) return { objects, gaps: [], isServed: false };
    objects.push(...page.objects);
    token = page.next;
    if (token === '') return { objects, gaps: [], isServed: true };
  }
}

type Page =
  | { readonly objects: readonly SeenObject[]; readonly next: string }
  | { readonly expired: true }
  | { readonly absent: true }
  | { readonly gap: Gap };

async function readPage(
  connection: ApiConnection,
  resource: Resource,
  namespace: string,
  token: string,
): Promise<Page> {
  try {
    const query = { limit: pageSize, ...(token === '' ? {} : { continue: token }) };
    return pageOf(await connection.get(pathOf(resource, namespace), query), resource, namespace);
  } catch (thrown) {
    if (!(thrown instanceof ApiFailure)) throw thrown;
    return { gap: failedGap(resource, thrown.message) };
  }
}

function pageOf(answer: ApiAnswer, resource: Resource, namespace: string): Page {
  if (answer.status === 410) return { expired: true };
  if (answer.status === 404) return { absent: true };
  if (answer.status === 403)
    return { gap: refusedGap({ verb: 'list', resource: rbacName(resource), namespace }) };
  if (answer.status !== 200) return { gap: failedGap(resource, statusText(answer)) };
  const value = jsonOf(answer.body);
  if (!Array.isArray(at(value, 'items'))) return { gap: failedGap(resource, 'the answer is no list') };
  return {
    objects: listAt(value, 'items').map((item) => objectOf(resource, item)),
    next: textAt(value, 'metadata', 'continue'),
  };
}

/** Items of a list repeat neither their kind nor their version. */
function objectOf({ kind, group, version }: Resource, item: unknown): SeenObject {
  const namespace = textAt(item, 'metadata', 'namespace');
  const name = textAt(item, 'metadata', 'name');
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return {
    kind,
    namespace,
    name,
    value: typeof item === 'object' && item !== null ? { apiVersion, kind, ...item } : {},
    where: `cluster: ${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`,
    richness: 'whole',
  };
}

/** The Status object's own message; the API server's sentences name no secrets. */
export function statusText({ status, body }: ApiAnswer): string {
  const message = textAt(jsonOf(body), 'message').replace(/\s+/g, ' ').slice(0, 300);
  return message === '' ? `HTTP ${status}` : `HTTP ${status}: ${message}`;
}

/** Undefined for what is no JSON. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function failedGap(resource: Resource, why: string): Gap {
  const what = rbacName(resource);
  return gap(`could not look at ${what}: ${why}`, `${what} 확인 불가: ${why}`);
}

function changingGap(resource: Resource): Gap {
  return failedGap(resource, `the list went out of date ${mostRestarts + 1} times while it was read (410)`);
}

function withCount(one: Gap, count: number): Gap {
  if (count === 0) return one;
  const { en, ko } = one.text;
  return { ...one, text: { en: `${en}; the first ${count} were read`, ko: `${ko}(처음 ${count}개는 읽음)` } };
}
