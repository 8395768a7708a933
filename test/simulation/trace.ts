/**
 * What happened in a life, folded to a number: equal seeds must give equal hashes. The lines themselves are kept only
 * when somebody wants to read them, because writing them costs more than living.
 */
export interface Trace {
  note(atMs: number, kind: string, detail: string): void;
  hash(): string;
  readonly lines: readonly string[];
  readonly recording: boolean;
}

export function createTrace(recording: boolean): Trace {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  const lines: string[] = [];

  function mix(value: number): void {
    h1 = Math.imul(h1 ^ value, 2654435761);
    h2 = Math.imul(h2 ^ value, 1597334677);
    h1 ^= h2 >>> 15;
  }

  function mixText(text: string): void {
    for (let i = 0; i < text.length; i++) mix(text.charCodeAt(i));
  }

  return {
    recording,
    lines,
    note(atMs, kind, detail) {
      mix(atMs | 0);
      mix((atMs * 4096) | 0);
      mixText(kind);
      mixText(detail);
      if (recording) lines.push(`${clockFace(atMs)} ${kind.padEnd(10)} ${detail}`);
    },
    hash: () => (h1 >>> 0).toString(16).padStart(8, '0') + (h2 >>> 0).toString(16).padStart(8, '0'),
  };
}

/** `0:12:03.456` since the life began. */
export function clockFace(atMs: number): string {
  const hours = Math.floor(atMs / 3_600_000);
  const minutes = Math.floor(atMs / 60_000) % 60;
  const seconds = (atMs / 1000) % 60;
  return `${hours}:${String(minutes).padStart(2, '0')}:${seconds.toFixed(3).padStart(6, '0')}`;
}
