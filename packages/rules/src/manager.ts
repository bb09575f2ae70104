import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { RuleEnvironment } from './evaluate/evaluate-rule.ts';
import { evaluateGroup, type GroupState, newGroupState, type RuleState } from './evaluate/group-state.ts';
import type { RuleSample } from './evaluate/sample.ts';
import type { RuleGroup } from './group.ts';
import { dueNotices, type Notice } from './notify/notice.ts';

export interface RuleManagerOptions {
  readonly environment: RuleEnvironment;
  /** Keeps what rules have made. Rejects when it cannot; the rule is then shown as failed. */
  readonly write: (samples: readonly RuleSample[]) => Promise<void>;
  readonly tell: (notices: readonly Notice[]) => void;
  /** Told what goes wrong, in one sentence. */
  readonly report: (sentence: string) => void;
}

/** Evaluates groups of rules on time. Who makes it closes it. */
export class RuleManager {
  readonly #options: RuleManagerOptions;
  #running: readonly RunningGroup[] = [];

  constructor(options: RuleManagerOptions) {
    this.#options = options;
  }

  /** Takes these groups in place of those that are there. A rule that was there before keeps its alerts. */
  async replace(groups: readonly RuleGroup[]): Promise<void> {
    const before = this.#running;
    await Promise.all(before.map((one) => one.close()));
    const states = before.map(({ state }) => state);
    this.#running = groups.map((group) => new RunningGroup(withAlertsOf(group, states), this.#options));
  }

  /** The groups as their last evaluations left them, in the order of files and groups. */
  get states(): readonly GroupState[] {
    return this.#running.map(({ state }) => state);
  }

  /** Ends after the rules under way. */
  async close(): Promise<void> {
    await Promise.all(this.#running.map((one) => one.close()));
  }
}

function withAlertsOf(group: RuleGroup, states: readonly GroupState[]): GroupState {
  const before = states.find((state) => state.group.file === group.file && state.group.name === group.name);
  const fresh = newGroupState(group);
  if (before === undefined) return fresh;
  const rules = fresh.rules.map((rule) => ({ ...(sameRule(before, rule) ?? rule), rule: rule.rule }));
  return { ...fresh, rules };
}

function sameRule({ rules }: GroupState, { rule }: RuleState): RuleState | undefined {
  return rules.find(
    (other) =>
      other.rule.kind === rule.kind &&
      other.rule.name === rule.name &&
      other.rule.expression === rule.expression,
  );
}

class RunningGroup {
  state: GroupState;
  readonly #options: RuleManagerOptions;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(state: GroupState, options: RuleManagerOptions) {
    this.state = state;
    this.#options = options;
    this.#done = this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    let slot = nextSlot(this.state.group, Date.now());
    while (!this.#stop.signal.aborted) {
      await delay(slot - Date.now(), undefined, { signal: this.#stop.signal }).catch(() => undefined);
      if (this.#stop.signal.aborted) return;
      await this.#evaluate(slot);
      const next = nextSlot(this.state.group, Math.max(slot + 1, Date.now()));
      const missed = Math.round((next - slot) / this.state.group.intervalMs) - 1;
      if (missed > 0)
        this.#options.report(
          `the rules of ${this.state.group.name} took too long: ${missed} evaluations were left out`,
        );
      slot = next;
    }
  }

  async #evaluate(timeMs: number): Promise<void> {
    const { environment, write, tell, report } = this.#options;
    const before = this.state;
    const evaluated = await evaluateGroup(before, environment, timeMs, write);
    const { state, notices } = dueNotices(evaluated, timeMs, environment.externalUrl);
    this.state = state;
    tell(notices);
    for (const [index, { rule, lastError }] of state.rules.entries())
      if (lastError !== '' && before.rules[index]?.lastError !== lastError)
        report(`the rule ${rule.name} of ${state.group.name} failed: ${lastError}`);
  }
}

/** Groups of one interval are spread over it, each always at the same place, so that all do not begin at once. */
function nextSlot({ file, name, intervalMs }: RuleGroup, nowMs: number): number {
  const hash = createHash('sha256').update(`${file};${name}`).digest().readUInt32BE(0);
  const offset = hash % intervalMs;
  return Math.ceil((nowMs - offset) / intervalMs) * intervalMs + offset;
}
