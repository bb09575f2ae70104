/**
 * The hexadecimal text of base64-coded bytes, in lower case.
 * @throws DOMException when the text is not base64.
 */
export function hexFromBase64(base64: string): string {
  let hex = '';
  for (const byte of atob(base64)) hex += byte.charCodeAt(0).toString(16).padStart(2, '0');
  return hex;
}

const hexadecimal = /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/i;

/**
 * A trace or span id as hex. Tempo's JSON carries ids as base64 (12 or 24 characters), OTLP's as hex (16 or 32): the
 * lengths do not overlap, so both are taken. An absent, empty or unreadable id is the empty string.
 */
export function hexIdentifier(identifier: string | undefined): string {
  if (!identifier) return '';
  if (hexadecimal.test(identifier)) return identifier.toLowerCase();
  try {
    return hexFromBase64(identifier);
  } catch {
    return '';
  }
}

/** Whether the text could be a trace id as people paste it: 16 to 32 hex digits. */
export function looksLikeTraceId(text: string): boolean {
  return /^[0-9a-f]{16,32}$/i.test(text.trim());
}
