import type { Random } from './random.ts';
import type { Answer, User } from './user.ts';
import { notes, searches } from './words.ts';

/** Something a user does. `expected` tells an answer that was meant from one that was not. */
export interface Action {
  readonly name: string;
  /** How often, in proportion to the others. */
  readonly weight: number;
  readonly run: (user: User, random: Random) => Promise<Answer>;
  readonly expected: (status: number) => boolean;
}

const ok = (status: number): boolean => status >= 200 && status < 300;
const missing = (status: number): boolean => status === 404;
/** The limit on failed logins is meant to be met now and then. */
const refused = (status: number): boolean => status === 401 || status === 429;

/** What users do, and how often. */
export const actions: readonly Action[] = [
  { name: 'open', weight: 10, run: (user) => user.send('GET', '/'), expected: ok },
  { name: 'browse', weight: 30, run: browse, expected: ok },
  { name: 'read', weight: 22, run: readOne, expected: (status) => ok(status) || missing(status) },
  { name: 'search', weight: 13, run: search, expected: ok },
  { name: 'post', weight: 10, run: post, expected: ok },
  { name: 'log in anew', weight: 6, run: logInAnew, expected: ok },
  { name: 'edit own', weight: 3, run: editOwn, expected: ok },
  { name: 'wrong password', weight: 3, run: wrongPassword, expected: refused },
  {
    name: 'missing message',
    weight: 2,
    run: (user) => user.send('GET', '/api/messages/999999999'),
    expected: missing,
  },
  { name: 'missing page', weight: 1, run: (user) => user.send('GET', '/no-such-page'), expected: missing },
];

/** Chooses an action by weight. */
export function chooseAction(random: Random): Action {
  const total = actions.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.next() * total;
  for (const action of actions) {
    left -= action.weight;
    if (left < 0) return action;
  }
  return random.pick(actions);
}

function browse(user: User, random: Random): Promise<Answer> {
  return user.send('GET', `/api/messages?page=${1 + Math.floor(random.next() * 3)}&size=10`);
}

async function readOne(user: User, random: Random): Promise<Answer> {
  const list = await user.send('GET', '/api/messages?size=10');
  const ids = idsIn(list.json);
  return ids.length === 0 ? list : user.send('GET', `/api/messages/${random.pick(ids)}`);
}

function search(user: User, random: Random): Promise<Answer> {
  return user.send('GET', `/api/messages?q=${encodeURIComponent(random.pick(searches))}`);
}

async function post(user: User, random: Random): Promise<Answer> {
  const [title, body] = random.pick(notes);
  return afterLogin(user, () => user.send('POST', '/api/messages', { title, body }));
}

async function editOwn(user: User, random: Random): Promise<Answer> {
  const [title, body] = random.pick(notes);
  const posted = await post(user, random);
  const [id] = idsIn({ items: [posted.json] });
  return id === undefined
    ? posted
    : user.send('PUT', `/api/messages/${id}`, { title: `${title} (수정)`, body });
}

async function logInAnew(user: User): Promise<Answer> {
  if (user.loggedIn) await user.logOut();
  return user.logIn();
}

/** On an account of its own, so that the limit never locks the users themselves out. */
function wrongPassword(user: User): Promise<Answer> {
  return user.send('POST', '/api/login', { username: 'forgetful', password: 'not-the-password' });
}

async function afterLogin(user: User, act: () => Promise<Answer>): Promise<Answer> {
  if (!user.loggedIn) {
    const login = await user.logIn();
    if (!ok(login.status)) return login;
  }
  return act();
}

function idsIn(page: unknown): number[] {
  if (typeof page !== 'object' || page === null || !('items' in page) || !Array.isArray(page.items))
    return [];
  return page.items.flatMap((item: unknown) =>
    typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'number' ? [item.id] : [],
  );
}
