/** A moment as `<input type="datetime-local">` writes it, in UTC or (undefined) in the browser's own zone. */
export function inputTime(millis: number, timeZone: string | undefined): string {
  const shift = timeZone === 'UTC' ? 0 : new Date(millis).getTimezoneOffset() * 60_000;
  return new Date(millis - shift).toISOString().slice(0, 19);
}

/** The reverse of {@link inputTime}, in milliseconds since 1970; undefined when the text is no time. */
export function parseInputTime(text: string, timeZone: string | undefined): number | undefined {
  const millis = Date.parse(timeZone === 'UTC' ? `${text}Z` : text);
  return Number.isNaN(millis) ? undefined : millis;
}
