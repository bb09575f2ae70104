/** Reads a custom property as a colour that a canvas takes: `light-dark()` is resolved by the browser itself. */
export function resolvedColor(host: HTMLElement, property: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  host.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
