/** An answer that is no success: what the server said, and its HTTP status (0 when it could not be reached). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export type Parameters = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/**
 * The JSON answer of a GET on this origin. The shape is the API's contract and is not checked again here: every reader
 * treats each field as possibly absent where the contract says so.
 * @throws ApiError with the server's own sentence, or with status 0 when it cannot be reached.
 */
export async function getJson<Answer>(
  path: string,
  parameters: Parameters,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await reach(`${path}${queryText(parameters)}`, {
    signal,
    headers: { Accept: 'application/json', ...headers },
  });
  return parse(await textOf(response), path) as Answer;
}

/** A request that changes something. @throws ApiError as `getJson` does. */
export async function send(path: string, options: RequestInit): Promise<void> {
  await textOf(await reach(path, options));
}

async function textOf(response: Response): Promise<string> {
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, errorSentence(text) || response.statusText);
  return text;
}

async function reach(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, options);
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError(0, location.origin);
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(502, `${path} answered something that is no JSON.`);
  }
}

function queryText(parameters: Parameters): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of [value ?? []].flat()) query.append(name, String(one));
  }
  return query.size === 0 ? '' : `?${query}`;
}

/** Prometheus puts its sentence in `error`, Loki and Tempo answer plain text or `message`. Never HTML. */
function errorSentence(body: string): string {
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer === 'object' && answer !== null) {
      if ('error' in answer) return String(answer.error);
      if ('message' in answer) return String(answer.message);
    }
  } catch {
    // Plain text is the other usual shape.
  }
  return /^\s*</.test(body) ? '' : body.trim().slice(0, 2000);
}
