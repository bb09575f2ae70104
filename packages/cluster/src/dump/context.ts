/** Where a piece of text stands, as the command before it or the file's name tell. */
export interface Context {
  readonly file: string;
  readonly namespace: string;
  readonly owner: string;
  readonly container: string;
  /** Kind that a `kubectl get KIND` before it asked for; empty when there was none. */
  readonly kind: string;
}
