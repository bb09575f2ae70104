/** A text with its variables filled in. */
export interface Filled {
  readonly text: string;
  /** Variables that are neither set nor have a default. */
  readonly missing: readonly string[];
}

const pattern = /\$\$|\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** `${env:NAME}`, `${NAME}`, `${env:NAME:-default}`, and `$$` for a dollar sign, as the OpenTelemetry Collector reads them. */
export function withEnvironment(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): Filled {
  const missing: string[] = [];
  const filled = text.replace(
    pattern,
    (whole: string, name: string | undefined, fallback: string | undefined) => {
      if (whole === '$$') return '$';
      const value = environment[name ?? ''] ?? fallback;
      if (value === undefined) missing.push(name ?? '');
      return value ?? '';
    },
  );
  return { text: filled, missing };
}
