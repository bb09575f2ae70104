import { isSignal, type Signal, signals } from '@maru/otlp';
import {
  createKey,
  type IngestKey,
  inWords,
  type KeyOptions,
  readConfiguredKeys,
  readKeys,
  revokeKey,
  tenantOfName,
} from '@maru/server/keys';
import type { ConfiguredKey, KeyRate } from '@maru/server/settings';
import type { Arguments, Command } from '../command.ts';
import { isOn, numberFlag, sizeFlag, textFlag } from '../flag-values.ts';
import { configFile } from '../parts/config-file.ts';
import { openPlaces } from '../parts/places.ts';
import { messageOf, UserError } from '../user-error.ts';

export const key: Command = {
  name: 'key',
  summary: 'creates, lists and revokes the keys that senders and readers show',
  words: 'create NAME | list | revoke ID',
  flags: {
    signals: {
      type: 'string',
      value: 'LIST',
      help: 'what a new key may send, such as traces,logs',
      default: signals.join(','),
    },
    rate: {
      type: 'string',
      value: 'N',
      help: 'spans, points and records that a new key may send in a second',
    },
    'rate-bytes': { type: 'string', value: 'SIZE', help: 'bytes that it may send in a second, such as 5MiB' },
    tenant: {
      type: 'string',
      value: 'NAME',
      help: 'whose data a new key sends, where keys tell tenants apart',
    },
    read: {
      type: 'boolean',
      help: 'lets a new key read: the console, the query APIs; it sends only what --signals names',
    },
    data: { type: 'string', value: 'DIR', help: 'the data directory', default: '.maru/data' },
    config: {
      type: 'string',
      value: 'FILE',
      help: 'the configuration file that the stack runs with, whose keys are listed, too',
      default: 'maru.yaml in the data directory, when there is one',
    },
  },
  notes:
    'From the first key on that sends, every sender must show one: "Authorization: Bearer <key>", which OpenTelemetry SDKs take\nas OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20<key>". From the first key on\nthat reads (--read), the console asks to sign in with one, and the query APIs for the same header or for the key as the\npassword of basic authentication, as Grafana sends it. A running stack sees a change within a second.\nKeys whose secrets lie in files, such as a mounted Secret, are named in the configuration file (keys:).',
  run: async (args) => {
    const { dataDir } = openPlaces(textFlag(args, 'data'));
    const [action, ...rest] = args.words;
    const word = rest.join(' ');
    const configured = async (): Promise<readonly ConfiguredKey[]> =>
      (await configFile(textFlag(args, 'config'), dataDir)).keys;
    if (action === 'create' && word !== '') return create(dataDir, word, signalsOf(args), optionsOf(args));
    if (action === 'list' && word === '') return list(dataDir, await configured());
    if (action === 'revoke' && word !== '') return revoke(dataDir, word);
    throw new UserError('./maru key needs "create NAME", "list" or "revoke ID"', 2);
  },
};

function signalsOf(args: Arguments): readonly Signal[] {
  const text = textFlag(args, 'signals');
  if (text === undefined) return isOn(args, 'read') ? [] : signals;
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !isSignal(name));
  if (wrong !== undefined)
    throw new UserError(`--signals must be some of ${signals.join(',')}, but holds "${wrong}"`, 2);
  return names.filter(isSignal);
}

function optionsOf(args: Arguments): KeyOptions {
  const tenant = textFlag(args, 'tenant');
  if (tenant !== undefined && tenantOfName(tenant) === undefined)
    throw new UserError(`--tenant takes letters, digits, - and _, at most 64, but is "${tenant}"`, 2);
  return {
    rate: rateOf(args),
    ...(tenant !== undefined && { tenant }),
    ...(isOn(args, 'read') && { reads: true }),
  };
}

function rateOf(args: Arguments): KeyRate {
  const itemsPerSecond = atLeastOne(args, 'rate');
  const bytesPerSecond = sizeFlag(args, 'rate-bytes');
  return {
    ...(itemsPerSecond !== undefined && { itemsPerSecond }),
    ...(bytesPerSecond !== undefined && { bytesPerSecond }),
  };
}

function atLeastOne(args: Arguments, flag: string): number | undefined {
  if (textFlag(args, flag) === undefined) return undefined;
  const value = numberFlag(args, flag, 0);
  if (value < 1) throw new UserError(`--${flag} must be at least 1, but is "${textFlag(args, flag)}"`, 2);
  return value;
}

/** The secret goes to standard output alone, so that it can be piped; it is not to be had a second time. */
async function create(
  dataDir: string,
  name: string,
  allowed: readonly Signal[],
  options: KeyOptions,
): Promise<number> {
  const { key: made, secret } = await createKey(dataDir, name, allowed, options);
  console.error(`key ${made.id} for ${made.name}; keep it now, it is not shown again:`);
  console.log(secret);
  return 0;
}

async function list(dataDir: string, configured: readonly ConfiguredKey[]): Promise<number> {
  const made = await readKeys(dataDir);
  if (made === undefined && configured.length === 0)
    console.log('there are no keys: whoever reaches the ports may send and read');
  for (const one of made ?? []) console.log(lineOf(one));
  for (const one of await usable(configured)) console.log(`${lineOf(one)}  (of the configuration)`);
  return 0;
}

async function usable(configured: readonly ConfiguredKey[]): Promise<readonly IngestKey[]> {
  try {
    return await readConfiguredKeys(configured);
  } catch (error) {
    throw new UserError(messageOf(error));
  }
}

function lineOf({
  id,
  name,
  signals: sent,
  reads,
  tenant,
  rate,
  createdUnixMs,
  revokedUnixMs,
}: IngestKey): string {
  const state = revokedUnixMs === undefined ? 'valid' : `revoked ${day(revokedUnixMs)}`;
  const allowed = [...sent, ...(reads === true ? ['read'] : [])];
  return `${id}  ${allowed.join(',').padEnd(20)}  created ${day(createdUnixMs)}  ${state.padEnd(18)}  ${name}${tenant === undefined ? '' : ` of ${tenant}`}${rate === undefined ? '' : `  (${inWords(rate)})`}`;
}

function day(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 10);
}

async function revoke(dataDir: string, id: string): Promise<number> {
  try {
    await revokeKey(dataDir, id);
  } catch (error) {
    throw new UserError(`${messageOf(error)}; see ./maru key list`, 2);
  }
  console.error(`key ${id} is revoked`);
  return 0;
}
