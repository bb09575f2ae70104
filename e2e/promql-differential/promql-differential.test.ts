import {
  openTestStore,
  type PeerPrometheus,
  peerVersion,
  runPromqlDifferential,
  startPeerPrometheus,
  type TestStore,
} from '@maru/testkit/queries';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// The same series and the same random expressions for the store and for a real Prometheus. `MARU_DIFFERENTIAL=20000`
// asks so many instead of the few that every run of the tests can afford; `MARU_DIFFERENTIAL_SEED` starts from another seed.
const expressions = Number(process.env.MARU_DIFFERENTIAL ?? 500);
const seed = Number(process.env.MARU_DIFFERENTIAL_SEED ?? 1);
const version = peerVersion();
const title = version === undefined ? 'no prometheus is on the PATH: skipped' : `Prometheus ${version}`;

describe.skipIf(version === undefined)(`PromQL beside a real Prometheus (${title})`, () => {
  let own: TestStore;
  let peer: PeerPrometheus;
  beforeAll(async () => {
    own = openTestStore();
    peer = await startPeerPrometheus();
  });
  afterAll(async () => {
    await peer?.stop();
    await own.close();
  });

  test(`${expressions} random expressions of seed ${seed} are answered alike`, {
    timeout: 3_600_000,
  }, async () => {
    const { asked, refused, differences } = await runPromqlDifferential(own.store, peer, {
      seed,
      expressions,
    });
    expect(differences, `${differences.length} of ${asked} answers differ, seed ${seed}`).toEqual([]);
    expect(refused).toBeLessThan(asked / 2);
  });
});
