import type { Kind } from '@maru/config';
import { parseStoreAddress } from '@maru/store/address';

/** The address of a ClickHouse server. What is wrong with it is told without repeating it: a password may stand in it. */
export const storeAddress: Kind<string> = {
  expected: 'an address such as clickhouse://user:password@host:8443/database?secure=1',
  read: (node, name, problems) => {
    if (node.kind !== 'scalar' || node.value === null)
      return problems.add(node.place, `${name} must be ${storeAddress.expected}`);
    try {
      parseStoreAddress(String(node.value));
      return String(node.value);
    } catch (error) {
      return problems.add(node.place, `${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  },
};
