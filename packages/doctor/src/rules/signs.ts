import type { Channel, Container, Evidence, Pod, Statement } from '../evidence/model.ts';
import type { Step } from '../evidence/step.ts';
import type { Certainty, Match, Sign } from './cause.ts';

/** Narrows a sign that listens for a message. */
export interface Hearing {
  /** Listen on these channels only. Without it: on all. */
  readonly on?: readonly Channel[];
  /** The statement's reason must fit. */
  readonly reason?: RegExp;
  /** The subject's kind must fit. */
  readonly kind?: RegExp;
  /** Not when the text has this as well: the look-alike's own words. */
  readonly unless?: RegExp;
  readonly certainty?: Certainty;
  readonly step?: Step;
  /** The group that names a Service which the subject needs. */
  readonly dependsOn?: string;
}

/**
 * A message family: fires on every statement that matches, what tells of its origin read along with it. Named groups become the match's values; the group `about` what
 * it is about. Patterns must be linear (no nested repetition): the texts come from strangers.
 */
export function says(pattern: RegExp, hearing: Hearing = {}): Sign {
  return ({ statements }) =>
    statements.flatMap((statement) => {
      if (!isHeard(statement, hearing)) return [];
      const said = plain(statement.text);
      const text = statement.origin === undefined ? said : `${said}\n${statement.origin}`;
      const found = pattern.exec(text);
      if (found === null || hearing.unless?.test(text) === true) return [];
      return [matchOf(statement, groupsOf(found), hearing)];
    });
}

/** Like `says`, for a reason that is enough by itself, whatever the message. */
export function gives(reason: RegExp, hearing: Hearing = {}): Sign {
  return says(/^/, { ...hearing, reason });
}

function isHeard(statement: Statement, { on, reason, kind }: Hearing): boolean {
  return (
    (on === undefined || on.includes(statement.channel)) &&
    (reason === undefined || reason.test(statement.reason)) &&
    (kind === undefined || kind.test(statement.subject.kind))
  );
}

/** JSON logs escape quotes; messages of events do so when they quote another message. */
function plain(text: string): string {
  return text.includes('\\') ? text.replaceAll('\\"', '"').replaceAll('\\n', ' ') : text;
}

function groupsOf(found: RegExpExecArray): Readonly<Record<string, string>> {
  const entries = Object.entries(found.groups ?? {}).filter((entry) => typeof entry[1] === 'string');
  return Object.fromEntries(entries);
}

function matchOf(statement: Statement, values: Readonly<Record<string, string>>, hearing: Hearing): Match {
  const needed = hearing.dependsOn === undefined ? undefined : values[hearing.dependsOn];
  return {
    subject: statement.subject,
    about: values.about ?? '',
    quotes: [{ where: statement.where, text: statement.text }],
    values,
    isPast: statement.channel === 'event' || statement.channel === 'terminated',
    order: statement.order,
    ...(hearing.certainty === undefined ? {} : { certainty: hearing.certainty }),
    ...(hearing.step === undefined ? {} : { step: hearing.step }),
    ...(needed === undefined ? {} : { dependsOn: needed }),
  };
}

/** What a sign over containers tells of one. */
export interface ContainerTelling {
  readonly about?: string;
  readonly text: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly certainty?: Certainty;
}

/** A sign that looks at each container of each pod. */
export function ofContainers(
  look: (container: Container, pod: Pod, evidence: Evidence) => ContainerTelling | undefined,
): Sign {
  return (evidence) =>
    evidence.pods.flatMap((pod) =>
      pod.containers.flatMap((container) => {
        const told = look(container, pod, evidence);
        return told === undefined ? [] : [containerMatch(container, pod, told)];
      }),
    );
}

function containerMatch(container: Container, pod: Pod, told: ContainerTelling): Match {
  return {
    subject: { kind: 'Pod', namespace: pod.namespace, name: pod.name, container: container.name },
    about: told.about ?? '',
    quotes: [{ where: pod.where, text: told.text }],
    values: told.values ?? {},
    isPast: false,
    order: 0,
    ...(told.certainty === undefined ? {} : { certainty: told.certainty }),
  };
}

/** A match about an object that is no pod. */
export function objectMatch(
  kind: string,
  object: { readonly namespace?: string; readonly name: string; readonly where: string },
  told: {
    readonly about?: string;
    readonly text: string;
    readonly values?: Readonly<Record<string, string>>;
  },
): Match {
  return {
    subject: { kind, namespace: object.namespace ?? '', name: object.name },
    about: told.about ?? '',
    quotes: [{ where: object.where, text: told.text }],
    values: told.values ?? {},
    isPast: false,
    order: 0,
  };
}
