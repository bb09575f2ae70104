import { describe, expect, it } from 'vitest';
import type { Installation } from './installation.ts';
import { obtain, type Ways } from './obtain.ts';

const at = (place: string): Installation => ({ mariadbd: `/${place}/mariadbd`, shareDir: `/${place}/share` });
const nowhere: Ways = {
  onMachine: () => undefined,
  unpacked: () => undefined,
  unpack: undefined,
  install: undefined,
};
const fails = async (): Promise<never> => {
  throw new Error('no network');
};

describe('the order in which a MariaDB server is looked for', () => {
  it('prefers the machine’s', async () => {
    const ways = {
      ...nowhere,
      onMachine: () => at('machine'),
      unpacked: () => at('unpacked'),
      unpack: fails,
    };
    expect(await obtain(ways, () => {})).toEqual(at('machine'));
  });

  it('uses the one unpacked earlier without asking apt', async () => {
    expect(await obtain({ ...nowhere, unpacked: () => at('unpacked'), unpack: fails }, () => {})).toEqual(
      at('unpacked'),
    );
  });

  it('unpacks before it installs', async () => {
    expect(
      await obtain({ ...nowhere, unpack: async () => at('unpacked'), install: fails }, () => {}),
    ).toEqual(at('unpacked'));
  });

  it('installs when unpacking failed', async () => {
    let installed = false;
    const ways: Ways = {
      ...nowhere,
      onMachine: () => (installed ? at('machine') : undefined),
      unpack: fails,
      install: async () => {
        installed = true;
      },
    };
    expect(await obtain(ways, () => {})).toEqual(at('machine'));
  });

  it('says why and what to do when no way leads there', async () => {
    await expect(obtain({ ...nowhere, unpack: fails }, () => {})).rejects.toThrow(
      /not found \(no network\); install it .*apt-get install mariadb-server-core.*BOARD_DATABASE_URL.*--no-board/,
    );
  });
});
