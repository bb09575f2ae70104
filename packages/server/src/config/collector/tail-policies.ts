import {
  boolean,
  defaulted,
  fields,
  given,
  Impossible,
  integer,
  type Kind,
  list,
  made,
  name,
  number,
  optional,
  required,
  text,
} from '@maru/config';
import type { TailPolicy } from '@maru/forward';
import type { Translations } from './component.ts';

const percentage = number('a number from 0 to 100', 0, 100);

const latency: Kind<{ readonly threshold_ms: number; readonly upper_threshold_ms: number | undefined }> =
  fields({
    threshold_ms: required(integer(0), ''),
    upper_threshold_ms: optional(integer(0), ''),
  });

const numeric: Kind<{
  readonly key: string;
  readonly min_value: number;
  readonly max_value: number | undefined;
  readonly invert_match: boolean;
}> = fields({
  key: required(name, ''),
  min_value: required(number('a number', -Infinity, Infinity), ''),
  max_value: optional(number('a number', -Infinity, Infinity), ''),
  invert_match: defaulted(boolean, false, '', ''),
});

const strings: Kind<{
  readonly key: string;
  readonly values: readonly string[];
  readonly enabled_regex_matching: boolean;
  readonly invert_match: boolean;
}> = fields({
  key: required(name, ''),
  values: required(list(text), ''),
  enabled_regex_matching: defaulted(boolean, false, '', ''),
  invert_match: defaulted(boolean, false, '', ''),
});

const booleans: Kind<{ readonly key: string; readonly value: boolean; readonly invert_match: boolean }> =
  fields({
    key: required(name, ''),
    value: required(boolean, ''),
    invert_match: defaulted(boolean, false, '', ''),
  });

const statusCodes: Kind<{ readonly status_codes: readonly string[] }> = fields({
  status_codes: required(list(name), ''),
});

const probabilistic: Kind<{ readonly sampling_percentage: number }> = fields({
  sampling_percentage: required(percentage, ''),
});

const rate: Kind<{ readonly spans_per_second: number }> = fields({
  spans_per_second: required(integer(1), ''),
});

/** How a section of the Collector becomes a policy. */
function translation<From>(
  kind: Kind<From>,
  make: (from: From) => TailPolicy | Impossible,
): Translations<TailPolicy>[string] {
  return made(kind, make).read;
}

/** A policy by its type: the key of the section that describes it is the type, too. */
const types: Translations<TailPolicy> = {
  always_sample: () => ({ kind: 'ratio', ratio: 1 }),
  latency: translation(latency, ({ threshold_ms: atLeastMs, upper_threshold_ms: belowMs }) => ({
    kind: 'latency',
    atLeastMs,
    ...given({ belowMs }),
  })),
  numeric_attribute: translation(
    numeric,
    ({ key, min_value: least, max_value: most, invert_match: invert }) => ({
      kind: 'attribute',
      key,
      values: [],
      least,
      ...given({ most }),
      invert,
    }),
  ),
  string_attribute: translation(strings, ({ key, values, invert_match: invert, enabled_regex_matching }) =>
    enabled_regex_matching
      ? { kind: 'attribute', key, values: [], pattern: values.map((one) => `(?:${one})`).join('|'), invert }
      : { kind: 'attribute', key, values, invert },
  ),
  boolean_attribute: translation(booleans, ({ key, value, invert_match: invert }) => ({
    kind: 'attribute',
    key,
    values: [String(value)],
    invert,
  })),
  status_code: translation(statusCodes, ({ status_codes: codes }) =>
    codes.join() === 'ERROR'
      ? { kind: 'errors' }
      : new Impossible('has status_codes other than [ERROR], which have no counterpart in Maru'),
  ),
  probabilistic: translation(probabilistic, ({ sampling_percentage: percent }) => ({
    kind: 'ratio',
    ratio: percent / 100,
  })),
  rate_limiting: translation(rate, ({ spans_per_second: spansPerSecond }) => ({
    kind: 'rate',
    spansPerSecond,
  })),
  and: (node, path, problems) => {
    const and: Kind<{ readonly and_sub_policy: readonly TailPolicy[] }> = fields({
      and_sub_policy: required(list(tailPolicy), ''),
    });
    const read = and.read(node, path, problems);
    return read && { kind: 'and', of: read.and_sub_policy };
  },
  composite: (node, path, problems) => {
    const read = compositeKind().read(node, path, problems);
    if (read === undefined) return undefined;
    const percents = new Map(read.rate_allocation.map(({ policy, percent }) => [policy, percent]));
    const even = 100 / read.composite_sub_policy.length;
    const of = ordered(read).map(({ name: called, policy }) => ({
      policy,
      percent: percents.get(called) ?? even,
    }));
    return { kind: 'composite', spansPerSecond: read.max_total_spans_per_second, of };
  },
};

interface NamedPolicy {
  readonly name: string;
  readonly policy: TailPolicy;
}

interface CompositeConfig {
  readonly max_total_spans_per_second: number;
  readonly policy_order: readonly string[];
  readonly composite_sub_policy: readonly NamedPolicy[];
  readonly rate_allocation: readonly { readonly policy: string; readonly percent: number }[];
}

function compositeKind(): Kind<CompositeConfig> {
  const share: Kind<{ readonly policy: string; readonly percent: number }> = fields({
    policy: required(name, ''),
    percent: required(percentage, ''),
  });
  return fields({
    max_total_spans_per_second: required(integer(1), ''),
    policy_order: defaulted(list(name), [], '', ''),
    composite_sub_policy: required(list(namedPolicy), ''),
    rate_allocation: defaulted(list(share), [], '', ''),
  });
}

/** `policy_order` first, the rest behind it. */
function ordered({
  composite_sub_policy: policies,
  policy_order: order,
}: CompositeConfig): readonly NamedPolicy[] {
  const rank = ({ name: called }: NamedPolicy): number =>
    order.includes(called) ? order.indexOf(called) : order.length;
  return policies.toSorted((left, right) => rank(left) - rank(right));
}

const namedPolicy: Kind<NamedPolicy> = {
  expected: 'a policy',
  read: (node, path, problems) => {
    const entries = node.kind === 'map' ? node.entries : [];
    const value = (key: string): string | undefined => {
      const found = entries.find((entry) => entry.key === key)?.value;
      return found?.kind === 'scalar' ? String(found.value) : undefined;
    };
    const type = value('type');
    if (type === undefined) return problems.add(node.place, `${path}.type is missing`);
    const translate = Object.hasOwn(types, type) ? types[type] : undefined;
    if (translate === undefined)
      return problems.add(
        node.place,
        `the policy type ${type} has no counterpart in Maru; there are ${Object.keys(types).join(', ')}`,
      );
    const own = entries.filter(({ key }) => !['name', 'type', type].includes(key));
    for (const { key, place: at } of own)
      problems.add(at, `there is no setting ${path}.${key} of a policy ${type}`);
    const section = entries.find(({ key }) => key === type)?.value ?? {
      kind: 'map',
      place: node.place,
      entries: [],
    };
    const policy = translate(section, `${path}.${type}`, problems);
    return policy && { name: value('name') ?? '', policy };
  },
};

/** A policy of the Collector's `tail_sampling`. */
export const tailPolicy: Kind<TailPolicy> = {
  expected: 'a policy',
  read: (node, path, problems) => namedPolicy.read(node, path, problems)?.policy,
};
