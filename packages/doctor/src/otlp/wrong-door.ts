import { connect } from 'node:tls';
import { callExport } from './grpc.ts';
import { emptyRequest, postExport } from './http.ts';
import { hostOf, isTls, type OtlpTarget, portOf } from './target.ts';

/** Whether a port that was taken for plain speaks TLS. Nobody's certificate matters here, and nothing is sent. */
export function speaksTls({ base, timeoutMs }: OtlpTarget): Promise<boolean> {
  if (isTls(base)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect({ host: hostOf(base), port: portOf(base), rejectUnauthorized: false }, () => {
      resolve(true);
      socket.destroy();
    });
    socket.setTimeout(timeoutMs, () => socket.destroy());
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

/** Whether gRPC is at home here: it takes an empty export, or asks for a key in gRPC's own way. */
export async function speaksGrpc(target: OtlpTarget): Promise<boolean> {
  const atHome: ReadonlySet<number | undefined> = new Set([0, 7, 8, 14, 16]);
  try {
    const { status } = await callExport(target, 'traces', new Uint8Array(0));
    return atHome.has(status);
  } catch {
    return false;
  }
}

/** Whether HTTP/1.1 is answered here, whatever the answer is. */
export async function speaksHttp(target: OtlpTarget): Promise<boolean> {
  const overHttp: OtlpTarget = { ...target, protocol: 'http/protobuf' };
  try {
    await postExport(overHttp, 'traces', emptyRequest(overHttp));
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a port that was taken for TLS speaks HTTP or gRPC without it. Asked without headers: a key must not go over
 * the wire in the clear because somebody looked.
 */
export async function speaksPlain(target: OtlpTarget): Promise<boolean> {
  const base = new URL(target.base.href.replace(/^https:/, 'http:'));
  base.port = String(portOf(target.base));
  const plain: OtlpTarget = { ...target, base, headers: {} };
  return (await speaksHttp(plain)) || (await speaksGrpc(plain));
}
