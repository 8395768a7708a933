/** What this browser remembers between visits. A browser that remembers nothing is fine. */
const PREFIX = 'titanic-sandbox.';

export function recall<T>(name: string, isFine: (value: unknown) => value is T, otherwise: T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null');
    return isFine(value) ? value : otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Private windows may refuse; the page then starts anew next time.
  }
}
