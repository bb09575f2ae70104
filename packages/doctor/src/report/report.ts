import type { Gap } from '@maru/cluster';
import type { Evidence, Subject } from '../evidence/model.ts';
import type { Step } from '../evidence/step.ts';
import type { Certainty, Quote, Text } from '../rules/cause.ts';
import type { Judged } from '../rules/diagnose.ts';
import { type Found, subjectKey } from '../rules/finding.ts';
import { fill, fillText, fillTitle } from '../rules/text.ts';
import { valuesOf } from '../rules/values.ts';
import { redactor } from './redact.ts';

/** One cause as it is shown, printed as JSON, and put on the console's page. Holds no secret. */
export interface Finding {
  /** The cause's stable id. */
  readonly id: string;
  readonly title: Text;
  readonly certainty: Certainty;
  readonly step: Step;
  /** `Pod board/board-api-1`. */
  readonly subjects: readonly string[];
  readonly about: string;
  readonly why: Text;
  readonly evidence: readonly Quote[];
  readonly ruledOut: readonly { readonly name: Text; readonly why: Text }[];
  readonly fix: readonly { readonly say?: Text; readonly run?: string }[];
  /** Symptoms that go away with it. */
  readonly follows: readonly {
    readonly id: string;
    readonly title: Text;
    readonly subjects: readonly string[];
  }[];
  /** Path of the cause's page in the documentation. */
  readonly page: string;
}

/** Answer of the doctor. `./maru doctor --json` prints this. */
export interface Diagnosis {
  /** `could-not-look`: nothing was found, and what could not be seen is too much to call it healthy. */
  readonly status: 'healthy' | 'findings' | 'could-not-look';
  readonly findings: readonly Finding[];
  /** What could not be looked at, and the permission that would show it. */
  readonly gaps: readonly Gap[];
  /** How much was looked at. */
  readonly seen: { readonly pods: number; readonly nodes: number; readonly statements: number };
}

/** Turns what the rules found into the report: texts filled in, secrets taken out. */
export function reportOf(judged: readonly Judged[], evidence: Evidence): Diagnosis {
  const clean = redactor(evidence.secrets, namesIn(evidence));
  const diagnosis: Diagnosis = {
    status: judged.length > 0 ? 'findings' : isBlind(evidence) ? 'could-not-look' : 'healthy',
    findings: judged.map((one) => findingOf(one, evidence)),
    gaps: evidence.gaps,
    seen: {
      pods: evidence.pods.length,
      nodes: evidence.nodes.length,
      statements: evidence.statements.length,
    },
  };
  return mapTexts(diagnosis, clean);
}

function isBlind({ statements, pods, nodes, services, stack, gaps }: Evidence): boolean {
  const isEmpty =
    statements.length + pods.length + nodes.length + services.length === 0 && stack === undefined;
  return isEmpty || gaps.some(({ isBlinding }) => isBlinding === true);
}

/** Names that a report cannot do without, even where some Secret holds the same word. */
function namesIn({ pods, services, nodes }: Evidence): ReadonlySet<string> {
  const ofPods = pods.flatMap((pod) => [
    pod.name,
    pod.namespace,
    pod.workload,
    pod.node,
    ...pod.containers.flatMap(({ name, image }) => [name, image]),
  ]);
  return new Set([...ofPods, ...services.map(({ name }) => name), ...nodes.map(({ name }) => name)]);
}

function findingOf({ found, follows, ruledOut, values }: Judged, evidence: Evidence): Finding {
  const { cause } = found;
  return {
    id: cause.id,
    title: fillTitle(cause.title, values),
    certainty: found.certainty,
    step: found.step,
    subjects: subjectNames(found.subjects),
    about: found.about,
    why: fillText(cause.why, values),
    evidence: found.quotes,
    ruledOut: ruledOut.map(({ name, why }) => ({ name: fillText(name, values), why: fillText(why, values) })),
    fix: cause.fix.map(({ say, run }) => ({
      ...(say === undefined ? {} : { say: fillText(say, values) }),
      ...(run === undefined ? {} : { run: fill(run, values) }),
    })),
    follows: follows.map((other) => followOf(other, evidence)),
    page: `docs/reference/doctor/${cause.id}.md`,
  };
}

/** A line that no object claims has a name only where its file or its command told whose it is. */
function subjectNames(subjects: readonly Subject[]): readonly string[] {
  return subjects
    .map((subject) => (subject.kind === 'Text' ? subject.name : subjectKey(subject).replace(' /', ' ')))
    .filter((name) => name !== '');
}

function followOf(found: Found, evidence: Evidence): Finding['follows'][number] {
  return {
    id: found.cause.id,
    title: fillTitle(found.cause.title, valuesOf(found, evidence)),
    subjects: subjectNames(found.subjects),
  };
}

/** The same value with every text in it mapped. The shape stays, so the type does. */
function mapTexts<T>(value: T, map: (text: string) => string): T {
  return mapped(value, map) as T;
}

function mapped(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapped(item, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapped(item, map)]));
}
