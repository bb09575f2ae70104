import type { EngineSession, SegmentInsert } from '../../engine/engine.ts';
import { mayPass } from '../../engine/errors.ts';
import type { Lends } from '../../engine/lane.ts';
import type { ResourceIdentity } from '../resource-identities.ts';
import type { Segment } from '../segment.ts';
import { ColumnBlock, type RowSource } from './column-block.ts';
import type { ScopeColumns } from './scope-columns.ts';

/**
 * Loads rows as columns that are made here: the engine takes a quarter more to read them out of the messages by itself (see
 * docs/decisions/0018). It has the last word all the same: what cannot be read here, or what it refuses, it reads itself,
 * under the same token.
 */
export class ColumnLoader<Columns extends ScopeColumns> {
  readonly #lane: Lends;
  readonly #block: ColumnBlock<Columns>;
  readonly #statement: SegmentInsert;

  /** @param statement what reads the same rows out of the messages */
  constructor(lane: Lends, source: RowSource<Columns>, statement: SegmentInsert) {
    this.#lane = lane;
    this.#block = new ColumnBlock(source);
    this.#statement = statement;
  }

  /** @param identities of the segment's resources, in their order, when they are known */
  async load(segment: Segment, identities: readonly ResourceIdentity[] | undefined): Promise<void> {
    // The memory of the block is lent together with the session: one load at a time.
    await this.#lane.lend(async (session) => {
      if (identities !== undefined && (await this.#insertColumns(session, segment, identities))) return;
      await session.insert(this.#statement, segment);
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
