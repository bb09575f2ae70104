import { type Answer, errorCode, errorText, NoAnswer } from '../probe/exchange.ts';
import type { ImageCauseId } from './causes.ts';
import { NoImage, RegistryRefusal } from './read-image.ts';

/** Why an image could not be looked at: which cause, and the exact text. */
export interface ImageFailure {
  readonly id: ImageCauseId;
  readonly seen: string;
}

const byCode: readonly (readonly [RegExp, ImageCauseId])[] = [
  [/^ENOTFOUND$|^EAI_/, 'image-registry-unknown'],
  [/^(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, 'image-registry-unreachable'],
  [/CERT|SIGNED|ALTNAME|ISSUER|UNABLE_TO_/, 'image-registry-certificate'],
  [/^EPROTO$|^ERR_SSL|WRONG_VERSION/, 'image-registry-without-tls'],
];

const byStatus: Readonly<Record<number, ImageCauseId>> = {
  401: 'image-unauthorized',
  403: 'image-forbidden',
  429: 'image-rate-limit',
};

export function explainImageFailure(thrown: unknown): ImageFailure {
  const seen = errorText(thrown);
  if (thrown instanceof RegistryRefusal) return { id: causeOfAnswer(thrown.answer), seen };
  if (thrown instanceof NoImage) return { id: 'image-not-a-registry', seen };
  if (thrown instanceof NoAnswer) return { id: 'image-registry-no-answer', seen };
  const code = errorCode(thrown);
  return { id: byCode.find(([form]) => form.test(code))?.[1] ?? 'image-not-a-registry', seen };
}

/** By the registry's own code where a status has several; a denied pull is told as 403 by some and 401 by others. */
function causeOfAnswer({ status, body }: Answer): ImageCauseId {
  const told = body.toString('utf8', 0, 2_000);
  if (status === 404) {
    if (/NAME_UNKNOWN/.test(told)) return 'image-repository-not-found';
    return /MANIFEST_UNKNOWN|"errors"/.test(told) || body.length === 0
      ? 'image-not-found'
      : 'image-not-a-registry';
  }
  return byStatus[status] ?? (status >= 500 ? 'image-registry-error' : 'image-not-a-registry');
}
