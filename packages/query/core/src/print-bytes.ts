const units = ['B', 'KiB', 'MiB', 'GiB'] as const;

/** A size as settings write it: `512MiB`. */
export function printBytes(bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(bytes) / 10)));
  return `${Number((bytes / 1024 ** power).toFixed(1))}${units[power]}`;
}
