/** A child's line under its name, once: some children begin their lines with their name themselves. */
export function prefixed(child: string, line: string): string {
  return line.startsWith(`${child}:`) ? line : `${child}: ${line}`;
}
