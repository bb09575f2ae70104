import type { ScrapeJob } from '../config/job.ts';
import { watch } from '../discovery/discovery.ts';
import { type CompiledRule, compileRules } from '../relabel/rule.ts';
import type { FetchContext } from './fetch-metrics.ts';
import { HttpClient } from './http-get.ts';
import { type LabelMap, makeTarget, type Target } from './target.ts';
import { type ScrapeSink, TargetLoop } from './target-loop.ts';

/** Dropped targets that are remembered one by one; of the others only the number is. */
const mostDropped = 1_000;

/** One job: what its ways of discovery find now, and a loop for each target of it. */
export class JobLoops {
  readonly job: ScrapeJob;
  readonly #context: FetchContext;
  readonly #sink: ScrapeSink;
  readonly #rules: readonly CompiledRule[];
  readonly #stop: AbortController = new AbortController();
  readonly #watching: readonly Promise<void>[];
  readonly #found: Map<number, readonly LabelMap[]> = new Map();
  readonly #loops: Map<string, TargetLoop> = new Map();
  readonly #retiring: Set<Promise<void>> = new Set();
  #dropped: readonly LabelMap[] = [];
  #told = '';

  constructor(job: ScrapeJob, context: Omit<FetchContext, 'client'>, sink: ScrapeSink) {
    this.job = job;
    this.#context = { ...context, client: new HttpClient(job.access) };
    this.#sink = sink;
    this.#rules = compileRules(job.relabel);
    this.#watching = job.discoveries.map((discovery, index) =>
      watch(discovery, {
        found: (targets) => this.#sync(index, targets),
        say: (sentence) => sink.say(`scrape job ${job.name}: ${sentence}`),
        signal: this.#stop.signal,
      }),
    );
  }

  get loops(): readonly TargetLoop[] {
    return [...this.#loops.values()];
  }

  get dropped(): readonly LabelMap[] {
    return this.#dropped.slice(0, mostDropped);
  }

  get droppedCount(): number {
    return this.#dropped.length;
  }

  /** Ends without a word: the targets are still there. */
  async close(): Promise<void> {
    await this.#end((loop) => loop.close());
  }

  /** Ends because the job is not configured any more: its series end with it. */
  async retire(): Promise<void> {
    await this.#end((loop) => loop.retire());
  }

  async #end(end: (loop: TargetLoop) => Promise<void>): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#watching);
    await Promise.all([...this.loops.map(end), ...this.#retiring]);
    this.#context.client.close();
  }

  #sync(discovery: number, found: readonly LabelMap[]): void {
    if (this.#stop.signal.aborted) return;
    this.#found.set(discovery, found);
    const made = [...this.#found.values()].flat().map((labels) => makeTarget(this.job, this.#rules, labels));
    this.#dropped = made.flatMap((one) => ('dropped' in one ? [one.dropped] : []));
    this.#tellErrors(made.flatMap((one) => ('dropped' in one && one.error !== undefined ? [one.error] : [])));
    this.#follow(made.flatMap((one) => ('target' in one ? [one.target] : [])));
  }

  #follow(targets: readonly Target[]): void {
    const { limits, name } = this.job;
    const tooMany = limits.targets > 0 && targets.length > limits.targets;
    if (tooMany)
      this.#sink.say(
        `scrape job ${name}: ${targets.length} targets where target_limit allows ${limits.targets}: none is scraped`,
      );
    const wanted = new Map(tooMany ? [] : targets.map((target) => [target.key, target]));
    for (const [key, loop] of this.#loops) if (!wanted.has(key)) this.#retire(key, loop);
    for (const [key, target] of wanted)
      if (!this.#loops.has(key))
        this.#loops.set(key, new TargetLoop(this.job, target, this.#context, this.#sink));
  }

  #retire(key: string, loop: TargetLoop): void {
    this.#loops.delete(key);
    const retiring = loop.retire().finally(() => this.#retiring.delete(retiring));
    this.#retiring.add(retiring);
  }

  #tellErrors(errors: readonly string[]): void {
    const [first = ''] = errors;
    if (first !== '' && first !== this.#told)
      this.#sink.say(`scrape job ${this.job.name}: a target is left out because ${first}`);
    this.#told = first;
  }
}
