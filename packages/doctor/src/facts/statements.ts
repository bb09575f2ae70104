import { at, listAt, longestLine, type SeenLine, type SeenObject, textAt } from '@maru/cluster';
import type { Channel, Pod, Statement, Subject } from '../evidence/model.ts';
import { ageSeconds } from '../evidence/quantity.ts';
import { originsOf } from './stacks.ts';

/** What a pod's containers say by their states. */
export function statementsOfPod(pod: Pod): readonly Statement[] {
  return pod.containers.flatMap((container) => {
    const subject = { kind: 'Pod', namespace: pod.namespace, name: pod.name, container: container.name };
    const states = [container.state, container.lastState].filter((state) => state !== undefined);
    return states
      .filter((state) => state.kind === 'waiting' || state.kind === 'terminated')
      .map((state) =>
        statement(
          state.kind as Channel,
          state.message || stateSentence(state),
          state.reason,
          subject,
          pod.where,
        ),
      );
  });
}

/** A state without a message, as a reader would say it. */
function stateSentence(state: { readonly reason: string; readonly exitCode?: number }): string {
  return state.exitCode === undefined ? state.reason : `${state.reason} exit code ${state.exitCode}`.trim();
}

/** What an object says by its conditions, and by `status.reason` and `status.message` (an evicted pod). */
export function statementsOfObject(object: SeenObject): readonly Statement[] {
  const { value, where } = object;
  const subject = { kind: object.kind, namespace: object.namespace, name: object.name };
  const conditions = conditionsOf(value).map((condition): Statement => {
    const told = { type: textAt(condition, 'type'), status: textAt(condition, 'status') };
    const text =
      textAt(condition, 'message') || `${told.type}=${told.status} ${textAt(condition, 'reason')}`.trim();
    return { ...statement('condition', text, textAt(condition, 'reason'), subject, where), condition: told };
  });
  const reason = textAt(value, 'status', 'reason');
  const message = textAt(value, 'status', 'message');
  const own =
    reason === '' && message === ''
      ? []
      : [statement('condition', message || reason, reason, subject, where)];
  return [...conditions, ...own, ...statementsOfRow(object, subject)];
}

/** Conditions of the object itself, and those that a Gateway's listeners and a route's parents hold. */
function conditionsOf(value: unknown): readonly unknown[] {
  const nested = [...listAt(value, 'status', 'parents'), ...listAt(value, 'status', 'listeners')];
  return [...listAt(value, 'status', 'conditions'), ...nested.flatMap((one) => listAt(one, 'conditions'))];
}

/** A table's STATUS says what a condition would: `Evicted`, `NotReady`, `NotReady,SchedulingDisabled`. */
function statementsOfRow(object: SeenObject, subject: Subject): readonly Statement[] {
  const status = textAt(object.value, 'table', 'STATUS');
  if (object.kind === 'Node' && /^NotReady/.test(status)) {
    const told = { type: 'Ready', status: 'False' };
    return [{ ...statement('condition', status, 'NotReady', subject, object.where), condition: told }];
  }
  return object.kind === 'Pod' && status !== ''
    ? [statement('condition', status, status, subject, object.where)]
    : [];
}

/** The events, those of one subject numbered in the order in which they were last seen. */
export function statementsOfEvents(events: readonly SeenObject[]): readonly Statement[] {
  const timed = events.map((event, index) => ({ event, index, seen: lastSeen(event.value) }));
  timed.sort((a, b) => a.seen - b.seen || a.index - b.index);
  return timed.map(({ event, seen }, position) => ({
    ...statement(
      'event',
      textAt(event.value, 'message') || textAt(event.value, 'note'),
      textAt(event.value, 'reason'),
      eventSubject(event),
      event.where === '' ? 'events' : event.where,
    ),
    order: position + 1,
    seenAt: seen,
  }));
}

/** Seconds on any axis that grows with time: a date's, or the negative age. */
function lastSeen(event: unknown): number {
  const dates = ['lastTimestamp', 'eventTime', 'deprecatedLastTimestamp', 'firstTimestamp'].map((key) =>
    textAt(event, key),
  );
  const date = textAt(event, 'series', 'lastObservedTime') || dates.find((one) => one !== '') || '';
  const parsed = Date.parse(date);
  return Number.isNaN(parsed) ? -(ageSeconds(textAt(event, 'age')) ?? 0) : parsed / 1_000;
}

function eventSubject(event: SeenObject): Subject {
  const object = at(event.value, 'involvedObject') ?? at(event.value, 'regarding');
  const container = /\{(.+)\}/.exec(textAt(object, 'fieldPath'))?.[1];
  const base = {
    kind: textAt(object, 'kind') || 'Text',
    namespace: textAt(object, 'namespace') || event.namespace,
    name: textAt(object, 'name'),
  };
  return container === undefined ? base : { ...base, container };
}

/** Lines of logs and text; a line belongs to a pod when its owner's name is a pod's or begins one. */
export function statementsOfLines(lines: readonly SeenLine[], pods: readonly Pod[]): readonly Statement[] {
  const owners = new Map<string, Pod | undefined>();
  const origins = originsOf(lines);
  return lines.map((line, index) => {
    if (!owners.has(line.owner)) owners.set(line.owner, podOf(line.owner, pods));
    const pod = owners.get(line.owner);
    const subject = subjectOfLine(line, pod);
    const said = statement(subject.kind === 'Text' ? 'text' : 'log', line.text, '', subject, line.where);
    const origin = origins[index] ?? '';
    return origin === '' ? said : { ...said, origin };
  });
}

function podOf(owner: string, pods: readonly Pod[]): Pod | undefined {
  if (owner === '') return undefined;
  const exact = pods.find(({ name }) => name === owner);
  const workload = pods.filter((pod) => pod.workload === owner);
  return (
    exact ??
    workload.find((pod) => pod.isReady === false) ??
    workload[0] ??
    pods.find(({ name }) => owner.startsWith(name) || owner.endsWith(name))
  );
}

function subjectOfLine(line: SeenLine, pod: Pod | undefined): Subject {
  if (pod === undefined) return { kind: 'Text', namespace: line.namespace, name: line.owner };
  const only = pod.containers.length === 1 ? (pod.containers[0]?.name ?? '') : '';
  return { kind: 'Pod', namespace: pod.namespace, name: pod.name, container: line.container || only };
}

function statement(
  channel: Channel,
  text: string,
  reason: string,
  subject: Subject,
  where: string,
): Statement {
  return { channel, text: text.slice(0, longestLine), reason, subject, where, order: 0 };
}
