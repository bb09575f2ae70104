import type { EngineSession } from '../../engine/engine.ts';
import { mayPass } from '../../engine/errors.ts';
import type { Lends } from '../../engine/lane.ts';
import { ResourceIdentities, type ResourceIdentity } from '../resource-identities.ts';
import type { MarkedResource } from '../resource-marks.ts';
import type { Segment } from '../segment.ts';
import { spanStatement } from '../statements.ts';
import { SpanBlock } from './span-block.ts';

/**
 * Loads spans as columns that are made here: the engine takes twice as long to read them out of the messages by itself (see
 * docs/decisions/0018). It has the last word all the same: what cannot be read here, or what it refuses, it reads itself,
 * under the same token.
 */
export class SpanLoader {
  readonly #lane: Lends;
  readonly #identities: ResourceIdentities;
  readonly #block: SpanBlock = new SpanBlock();

  constructor(lane: Lends) {
    this.#lane = lane;
    this.#identities = new ResourceIdentities(lane);
  }

  /** @param resources of the segment, in their order, when they are known */
  async load(segment: Segment, resources: readonly MarkedResource[] | undefined): Promise<void> {
    const identities = resources && (await this.#identities.of(resources));
    // The memory of the block is lent together with the session: one load at a time.
    await this.#lane.lend(async (session) => {
      if (identities !== undefined && (await this.#insertColumns(session, segment, identities))) return;
      await session.insert(spanStatement, segment);
    });
  }

  /** Lets large memory go. */
  rest(): void {
    this.#block.rest();
  }

  /** Whether it could be done. */
  async #insertColumns(
    session: EngineSession,
    { token, content }: Segment,
    identities: readonly ResourceIdentity[],
  ): Promise<boolean> {
    const pieces = content && (await this.#block.make(content, identities).catch(() => undefined));
    if (pieces === undefined) return false;
    try {
      await session.insertBlock(this.#block.insert, { token, pieces });
      return true;
    } catch (error) {
      if (mayPass(error)) throw error;
      return false;
    }
  }
}
