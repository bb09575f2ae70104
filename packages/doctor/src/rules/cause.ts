import type { Evidence, Subject } from '../evidence/model.ts';
import type { Step } from '../evidence/step.ts';

/** A text in both languages of the report. `{name}` is filled from the match, `{name|words}` has words for "not known". */
export interface Text {
  readonly en: string;
  readonly ko: string;
}

/**
 * How sure a finding is, by rule and never by weighing: `certain` when the evidence can mean nothing else, `likely` when
 * another cause would look the same but is rarer, `possible` when it is one of several and something is needed to tell.
 */
export type Certainty = 'certain' | 'likely' | 'possible';

/** A piece of evidence as it is shown. */
export interface Quote {
  /** `events.txt:12`. */
  readonly where: string;
  /** The exact text. */
  readonly text: string;
}

/** One place in the evidence where a cause shows itself. */
export interface Match {
  readonly subject: Subject;
  /** What the cause is about within the subject (an image, a ConfigMap, a host); matches with the same are one finding. */
  readonly about: string;
  readonly quotes: readonly Quote[];
  /** Fills `{name}` in texts, beside `about`, `namespace`, `pod`, `container`, `node`, `image`, `workload`. */
  readonly values: Readonly<Record<string, string>>;
  /** When this match is surer or less sure than the cause is by itself. */
  readonly certainty?: Certainty;
  /** When this match shows the cause on another step (a ConfigMap missed by a volume, not by the environment). */
  readonly step?: Step;
  /** Said by an event or by a state that has passed: a pod that has climbed higher since then refutes it. */
  readonly isPast: boolean;
  readonly order: number;
  /** A Service's name in the same namespace that the subject could not use; its own trouble explains this one. */
  readonly dependsOn?: string;
}

/** Looks for a cause in the evidence. Pure; must not assume that any particular kind of evidence is there. */
export type Sign = (evidence: Evidence) => readonly Match[];

/** Another cause that would look much the same, and why it is not that one whenever this one has matched. */
export interface LookAlike {
  readonly name: Text;
  readonly why: Text;
}

/** One line of a mend: a sentence, a command to paste, or both. */
export interface Fix {
  readonly say?: Text;
  readonly run?: string;
}

/**
 * `cause`: a person can act on it. `fallback`: true but shallow, and silent as soon as a `cause` explains the same subject
 * ("exited with code 1"). `symptom`: worth naming only under what brings it about, or alone when nothing does.
 */
export type Rank = 'cause' | 'fallback' | 'symptom';

export interface Cause {
  /** Stable: scripts and pages refer to it. */
  readonly id: string;
  readonly step: Step;
  readonly certainty: Certainty;
  readonly rank: Rank;
  readonly title: Text;
  /** What happens and why, for the page and the report: a few sentences. */
  readonly why: Text;
  readonly signs: readonly Sign[];
  readonly lookAlikes: readonly LookAlike[];
  readonly fix: readonly Fix[];
  /** Ids of causes that this one brings about at the same place, whatever their steps. */
  readonly explains: readonly string[];
  /** Worth telling although the pod has recovered: an eviction, a restart by the liveness probe. */
  readonly staysTrue: boolean;
}

/** What a family's file writes; the rest has these defaults. */
export type CauseDraft = Omit<Cause, 'rank' | 'lookAlikes' | 'explains' | 'staysTrue' | 'certainty'> &
  Partial<Pick<Cause, 'rank' | 'lookAlikes' | 'explains' | 'staysTrue' | 'certainty'>>;

export function defineCauses(drafts: readonly CauseDraft[]): readonly Cause[] {
  return drafts.map((draft) => ({
    certainty: 'certain',
    rank: 'cause',
    lookAlikes: [],
    explains: [],
    staysTrue: false,
    ...draft,
  }));
}
