import { request } from 'node:http';
import { ownKey } from '../keys/own-key.ts';
import { ownOtlpSocketPath } from '../link/index.ts';
import type { Settings } from '../settings.ts';

/** How the engine's process sends to the stack it belongs to, as any other sender does: what it sends is counted. */
export interface OwnDoor {
  readonly endpoint: string;
  /** In place of the endpoint's port, where that speaks TLS. */
  readonly socketPath?: string;
  readonly headers: Readonly<Record<string, string>>;
}

export async function ownDoor(settings: Settings): Promise<OwnDoor> {
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  const reached = settings.host === '0.0.0.0' || settings.host === '::' ? '127.0.0.1' : host;
  return {
    endpoint: `http://${reached}:${settings.otlpHttpPort}`,
    ...(settings.tls && { socketPath: ownOtlpSocketPath(settings.dataDir) }),
    headers: { authorization: `Bearer ${await ownKey(settings.dataDir)}` },
  };
}

const timeoutMs = 10_000;

/** Sends metrics in OTLP. Rejects with one sentence when they were not all taken. */
export function sendMetrics({ endpoint, socketPath, headers }: OwnDoor, body: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const sending = request(
      `${endpoint}/v1/metrics`,
      {
        method: 'POST',
        timeout: timeoutMs,
        headers: { ...headers, 'content-type': 'application/x-protobuf', 'content-length': body.length },
        ...(socketPath !== undefined && { socketPath }),
      },
      (response) => {
        response.resume();
        response.once('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`the intake answered ${response.statusCode} to what rules have made`));
        });
        response.once('error', reject);
      },
    );
    sending.once('timeout', () =>
      sending.destroy(new Error(`the intake did not answer within ${timeoutMs / 1000} s`)),
    );
    sending.once('error', (error) =>
      reject(
        new Error(`what rules have made could not be sent to the intake: ${error.message}`, { cause: error }),
      ),
    );
    sending.end(body);
  });
}
