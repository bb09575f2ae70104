import type { FunctionDefinition } from '../definition.ts';

/** Parts of the UTC date that a value, in seconds since 1970, falls on. Without an argument: of the evaluation time. */
export const calendarFunctions: readonly FunctionDefinition[] = [
  partOfDate('minute', 'minute of the hour, 0 to 59', (date) => date.getUTCMinutes()),
  partOfDate('hour', 'hour of the day, 0 to 23', (date) => date.getUTCHours()),
  partOfDate('day_of_week', 'day of the week, 0 (Sunday) to 6', (date) => date.getUTCDay()),
  partOfDate('day_of_month', 'day of the month, 1 to 31', (date) => date.getUTCDate()),
  partOfDate('day_of_year', 'day of the year, 1 to 366', dayOfYear),
  partOfDate('days_in_month', 'length of the month, 28 to 31', daysInMonth),
  partOfDate('month', 'month, 1 to 12', (date) => date.getUTCMonth() + 1),
  partOfDate('year', 'year', (date) => date.getUTCFullYear()),
];

function partOfDate(name: string, summary: string, part: (date: Date) => number): FunctionDefinition {
  return {
    name,
    summary,
    parameters: ['vector'],
    optionalCount: 1,
    isVariadic: false,
    returns: 'vector',
    evaluation: {
      kind: 'eachSample',
      timeByDefault: true,
      run: (seconds) => part(new Date(Math.trunc(seconds) * 1000)),
    },
  };
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}
