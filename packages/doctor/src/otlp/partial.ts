import { Cursor, type PartialSuccess } from '@maru/otlp';

/**
 * Reads an export response of either encoding: what it rejected and why, both empty at complete success. Undefined when
 * the bytes are no such response.
 */
export function partialSuccessOf(body: Buffer, isJson: boolean): PartialSuccess | undefined {
  try {
    return isJson ? ofJson(body.toString('utf8')) : ofProtobuf(body);
  } catch {
    return undefined;
  }
}

function ofJson(text: string): PartialSuccess | undefined {
  if (text.trim() === '') return { rejected: 0, message: '' };
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const partial = 'partialSuccess' in parsed ? parsed.partialSuccess : undefined;
  if (typeof partial !== 'object' || partial === null) return { rejected: 0, message: '' };
  const fields = new Map<string, unknown>(Object.entries(partial));
  const rejected = ['rejectedSpans', 'rejectedDataPoints', 'rejectedLogRecords'].map((name) =>
    Number(fields.get(name) ?? 0),
  );
  return { rejected: Math.max(...rejected), message: String(fields.get('errorMessage') ?? '') };
}

/** ExportResponse { partial_success = 1 { rejected = 1, error_message = 2 } }, alike for all three signals. */
function ofProtobuf(bytes: Uint8Array): PartialSuccess {
  let rejected = 0;
  let message = '';
  for (const inner of messagesOf(bytes)) {
    const cursor = new Cursor(inner);
    while (cursor.position < inner.length) {
      const tag = cursor.tag(inner.length);
      if (tag === 0x08) rejected = cursor.varint(inner.length);
      else if (tag === 0x12) message = Buffer.from(taken(cursor, inner)).toString('utf8');
      else cursor.skipValue(tag & 7, inner.length);
    }
  }
  return { rejected, message };
}

function messagesOf(bytes: Uint8Array): readonly Uint8Array[] {
  const cursor = new Cursor(bytes);
  const found: Uint8Array[] = [];
  while (cursor.position < bytes.length) {
    const tag = cursor.tag(bytes.length);
    if (tag === 0x0a) found.push(taken(cursor, bytes));
    else cursor.skipValue(tag & 7, bytes.length);
  }
  return found;
}

function taken(cursor: Cursor, bytes: Uint8Array): Uint8Array {
  const length = cursor.length(bytes.length);
  const start = cursor.position;
  cursor.skip(length, bytes.length);
  return bytes.subarray(start, start + length);
}
