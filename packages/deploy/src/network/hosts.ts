import { execFileSync } from 'node:child_process';

/** Network namespaces, each a host of its own with one address, joined by a bridge in a namespace that belongs to none. */
export class Hosts {
  readonly #prefix: string;
  readonly #names: readonly string[];

  /** Makes them; rejects nothing halfway: what was made before a failure is taken away again. */
  constructor(names: readonly string[]) {
    this.#names = names;
    this.#prefix = `maru-${process.pid}-${Hosts.#made++}`;
    try {
      this.#make();
    } catch (thrown) {
      this.close();
      throw thrown;
    }
  }

  static #made = 0;

  address(name: string): string {
    return `10.203.7.${this.#names.indexOf(name) + 1}`;
  }

  /** The namespace's name for `ip netns exec`. */
  network(name: string): string {
    return `${this.#prefix}-${name}`;
  }

  /** Replaces the nftables of one host. */
  filter(name: string, rules: string): void {
    const command = ['netns', 'exec', this.network(name), 'nft', '-f', '-'];
    execFileSync('ip', command, { input: `flush ruleset\n${rules}`, stdio: ['pipe', 'pipe', 'pipe'] });
  }

  close(): void {
    for (const name of [...this.#names, 'switch']) {
      try {
        ip('netns', 'delete', this.network(name));
      } catch (thrown) {
        if (!/No such file/.test(String(thrown))) throw thrown;
      }
    }
  }

  #make(): void {
    const middle = this.network('switch');
    ip('netns', 'add', middle);
    ip('-n', middle, 'link', 'add', 'bridge', 'type', 'bridge');
    ip('-n', middle, 'link', 'set', 'bridge', 'up');
    for (const name of this.#names) this.#join(name, middle);
  }

  #join(name: string, middle: string): void {
    const own = this.network(name);
    const port = `port${this.#names.indexOf(name)}`;
    ip('netns', 'add', own);
    ip('-n', own, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', port, 'netns', middle);
    ip('-n', middle, 'link', 'set', port, 'master', 'bridge');
    ip('-n', middle, 'link', 'set', port, 'up');
    ip('-n', own, 'address', 'add', `${this.address(name)}/24`, 'dev', 'eth0');
    ip('-n', own, 'link', 'set', 'eth0', 'up');
    ip('-n', own, 'link', 'set', 'lo', 'up');
  }
}

/** What `nftables.ts` makes use of. */
const trialRules = `table inet trial {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    ip saddr { 10.203.7.1, 10.203.8.0/24 } tcp dport 80 accept
  }
}
`;

/** Why this machine does not let us make hosts with filters of their own; undefined when it does. */
export function whyNoHosts(): string | undefined {
  let hosts: Hosts | undefined;
  try {
    hosts = new Hosts(['trial']);
    hosts.filter('trial', trialRules);
    return undefined;
  } catch (thrown) {
    return String(thrown);
  } finally {
    hosts?.close();
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' });
}
