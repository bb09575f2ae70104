import { setTimeout as pause } from 'node:timers/promises';
import { type Action, chooseAction } from './actions.ts';
import { type Random, seededRandom } from './random.ts';
import type { Settings } from './settings.ts';
import { User } from './user.ts';
import { names } from './words.ts';

/** What came of the actions. */
export interface Summary {
  readonly seconds: number;
  /** Answered as meant, which for a wrong password is a refusal. */
  readonly asMeant: number;
  /** Answered otherwise, such as 500. */
  readonly otherwise: number;
  /** Not answered at all. */
  readonly unreachable: number;
}

const firstBackoffMillis = 1_000;
const longestBackoffMillis = 30_000;

/**
 * Makes load until the duration is over or `signal` aborts, and tells what came of it. While the Board cannot be
 * reached it waits longer and longer, up to half a minute.
 */
export async function makeLoad(settings: Settings, signal: AbortSignal): Promise<Summary> {
  const random = seededRandom(settings.seed);
  const idle = makeUsers(settings);
  const tally = { asMeant: 0, otherwise: 0, unreachable: 0 };
  const started = performance.now();
  const running = new Set<Promise<void>>();
  let backoffMillis = 0;
  const isOver = (): boolean => signal.aborted || isPast(settings.duration, started);
  while (!isOver()) {
    await rest(Math.max(gapMillis(settings.rate, random), backoffMillis), settings.duration, started, signal);
    const user = isOver() ? undefined : idle.shift();
    // With every user at it there is nobody to act: the load gives way to a slow Board.
    if (!user) continue;
    const work = act(user, chooseAction(random), random).then((outcome) => {
      tally[outcome] += 1;
      backoffMillis = outcome === 'unreachable' ? nextBackoff(backoffMillis) : 0;
      idle.push(user);
      running.delete(work);
    });
    running.add(work);
  }
  if (!signal.aborted) await Promise.all(running);
  return { seconds: (performance.now() - started) / 1_000, ...tally };
}

/** One line for people. */
export function describeSummary({ seconds, asMeant, otherwise, unreachable }: Summary): string {
  const total = asMeant + otherwise + unreachable;
  return `board-load: ${total} actions in ${seconds.toFixed(1)} s: ${asMeant} as meant, ${otherwise} otherwise, ${unreachable} unanswered`;
}

async function act(user: User, action: Action, random: Random): Promise<keyof Omit<Summary, 'seconds'>> {
  try {
    const { status } = await action.run(user, random);
    if (status === 502) return 'unreachable';
    return action.expected(status) ? 'asMeant' : 'otherwise';
  } catch {
    return 'unreachable';
  }
}

function makeUsers({ url, users }: Settings): User[] {
  return Array.from({ length: users }, (_, index) => {
    const round = Math.floor(index / names.length);
    const name = `${names[index % names.length]}${round > 0 ? round + 1 : ''}`;
    return new User(url, name, index % 3 === 2 ? 'en' : 'ko');
  });
}

/** Gaps between the actions of many independent people are exponentially distributed; bounded at five times the mean. */
function gapMillis(rate: number, random: Random): number {
  return (Math.min(5, -Math.log(1 - random.next())) * 1_000) / rate;
}

function nextBackoff(before: number): number {
  return Math.min(longestBackoffMillis, before === 0 ? firstBackoffMillis : before * 2);
}

function isPast(duration: number, started: number): boolean {
  return duration > 0 && performance.now() - started >= duration * 1_000;
}

/** Waits, but not beyond the end of the run. */
async function rest(millis: number, duration: number, started: number, signal: AbortSignal): Promise<void> {
  const left = duration > 0 ? started + duration * 1_000 - performance.now() : Number.POSITIVE_INFINITY;
  await pause(Math.max(0, Math.min(millis, left)), undefined, { signal }).catch(() => undefined);
}
