/** CPU of Kubernetes (`1900m`, `2`) in cores; undefined when it is none. */
export function cores(quantity: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(m|u|n)?$/.exec(quantity.trim());
  if (match === null) return undefined;
  const scale = { m: 1e-3, u: 1e-6, n: 1e-9 }[match[2] ?? ''] ?? 1;
  return Number(match[1]) * scale;
}

/** kubectl's ages (`28m`, `3d4h`, `15m (x57 over 28m)`) in seconds; undefined when it is none. */
export function ageSeconds(age: string): number | undefined {
  const text = age.trim().split(/[\s(]/, 1)[0] ?? '';
  if (!/^(?:\d+[smhdy])+$/.test(text)) return undefined;
  const units = { s: 1, m: 60, h: 3_600, d: 86_400, y: 31_536_000 };
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([smhdy])/g)) {
    seconds += Number(count) * units[unit as keyof typeof units];
  }
  return seconds;
}
