/** One thing that titanic needs. `skipped`: it cannot be looked at from here, and the detail says why. */
export interface Need {
  readonly name: string;
  readonly status: 'ok' | 'problem' | 'skipped';
  readonly detail: string;
  readonly todo: string | null;
}

/** It is there. */
export function ok(name: string, detail: string): Need {
  return { name, status: 'ok', detail, todo: null };
}

/** It is not, or nobody can say: unknown is not fine. */
export function problem(name: string, detail: string, todo: string): Need {
  return { name, status: 'problem', detail, todo };
}

/** Nobody can say from here, and need not. */
export function skipped(name: string, detail: string, todo: string | null = null): Need {
  return { name, status: 'skipped', detail, todo };
}

/** As a sentence: with a capital and a full stop. */
export function asSentence(words: string): string {
  return `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}.`;
}
