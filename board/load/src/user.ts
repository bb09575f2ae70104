/** An answer as far as a user looks at it. */
export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

const answerTimeoutMillis = 15_000;

/** One user at one browser: keeps the session cookie and logs in when there is none. */
export class User {
  readonly username: string;
  readonly #url: string;
  readonly #language: string;
  #cookie = '';

  constructor(url: string, username: string, language: string) {
    this.#url = url;
    this.username = username;
    this.#language = language;
  }

  get loggedIn(): boolean {
    return this.#cookie !== '';
  }

  /** Sends a request. @throws when no answer comes within 15 s or the Board cannot be reached. */
  async send(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        'accept-language': this.#language,
        'user-agent': 'board-load',
        ...(this.#cookie ? { cookie: this.#cookie } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      signal: AbortSignal.timeout(answerTimeoutMillis),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    this.#keepCookie(response);
    const text = await response.text();
    return {
      status: response.status,
      json: response.headers.get('content-type')?.includes('json') ? parse(text) : {},
    };
  }

  /** Logs in, registering first when the account is new. Returns the last answer. */
  async logIn(): Promise<Answer> {
    const credentials = { username: this.username, password: `load-${this.username}-password` };
    const answer = await this.send('POST', '/api/login', credentials);
    return answer.status === 401 ? this.send('POST', '/api/register', credentials) : answer;
  }

  /** Logs out and forgets the cookie. */
  async logOut(): Promise<Answer> {
    const answer = await this.send('POST', '/api/logout');
    this.#cookie = '';
    return answer;
  }

  #keepCookie(response: Response): void {
    const given = response.headers.get('set-cookie');
    if (given?.startsWith('board_session=')) this.#cookie = given.split(';', 1)[0] ?? '';
    if (response.status === 401) this.#cookie = '';
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
