import { loadChdb } from './chdb.ts';

/** The engine's own session, for what stands in for a server in tests. */
export interface RawSession {
  run(statement: string, format: string): Promise<Uint8Array>;
  stream(statement: string, format: string): AsyncIterable<Uint8Array>;
  close(): void;
}

/**
 * @param directory absolute; one process a directory
 * @param connectionArguments as `clickhouse local` takes them
 */
export function openRawSession(directory: string, connectionArguments: readonly string[]): RawSession {
  const session = new (loadChdb().Session)(directory, { connectionArgs: [...connectionArguments] });
  return {
    run: async (statement, format) => (await session.queryAsync(statement, { format })).bytes(),
    stream: (statement, format) => pieces(session.queryStream(statement, { format })),
    close: () => session.close(),
  };
}

async function* pieces(
  chunks: AsyncIterable<{ raw(): Uint8Array }>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) yield Uint8Array.from(chunk.raw());
}
