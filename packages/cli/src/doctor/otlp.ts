import { type Language, type OtlpProtocol, otlpProtocols, walkOtlp, withoutUser } from '@maru/doctor';
import type { Arguments, Flags } from '../command.ts';
import { headersFlag, textFlag, urlFlag } from '../flag-values.ts';
import { authorityFlag } from '../parts/authority.ts';
import { UserError } from '../user-error.ts';
import { stepTimeoutMs } from './probe-flags.ts';
import { tellProbe } from './probe-report.ts';

export const otlpFlags: Flags = {
  header: {
    type: 'string',
    value: 'K=V',
    repeats: true,
    help: 'with otlp, and of questions to --stack: a header, such as the key; may be given several times',
  },
  protocol: {
    type: 'string',
    value: 'http/protobuf|http/json|grpc',
    help: 'with otlp: as OTEL_EXPORTER_OTLP_PROTOCOL',
    default: 'http/protobuf',
  },
  query: {
    type: 'string',
    value: 'URL',
    help: 'with otlp: the query APIs, to read the probe back (the stack: http://127.0.0.1:3000)',
  },
  'query-header': {
    type: 'string',
    value: 'K=V',
    repeats: true,
    help: 'with --query: a header of those questions, such as a key that reads; may be given several times',
  },
};

/** `maru doctor otlp URL`. */
export async function examineOtlp(
  args: Arguments,
  address: string | undefined,
  language: Language,
): Promise<number> {
  if (address === undefined) {
    throw new UserError('maru doctor otlp needs an address: ./maru doctor otlp http://127.0.0.1:4318', 2);
  }
  const ca = await authorityFlag(args);
  const report = await walkOtlp({
    ...withoutUser(addressOf(address), headersFlag(args)),
    protocol: protocolFlag(args),
    queryHeaders: headersFlag(args, 'query-header'),
    timeoutMs: stepTimeoutMs(args),
    ...(textFlag(args, 'query') === undefined
      ? {}
      : { query: new URL(urlFlag(args, 'query', 'http://127.0.0.1:3000')) }),
    ...(ca === undefined ? {} : { ca }),
  });
  return tellProbe(args, report, language);
}

/** Not quoted back: it may hold a password. */
function addressOf(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UserError(
    'maru doctor otlp needs an http or https address, such as http://127.0.0.1:4318 (gRPC too: http://127.0.0.1:4317 --protocol grpc)',
    2,
  );
}

function protocolFlag(args: Arguments): OtlpProtocol {
  const text = textFlag(args, 'protocol') ?? 'http/protobuf';
  const protocol = otlpProtocols.find((one) => one === text);
  if (protocol !== undefined) return protocol;
  throw new UserError(`--protocol must be one of ${otlpProtocols.join(', ')}, but is "${text}"`, 2);
}
