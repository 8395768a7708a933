import type { Trace } from './trace.ts';
import { clockFace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Something that must never be, or an end that never came. */
export interface Violation {
  readonly name: string;
  readonly atMs: number;
  readonly text: string;
}

export interface Violations {
  readonly found: readonly Violation[];
  add(name: string, text: string): void;
}

/** A broken life goes on breaking; the first few tell what there is to tell. */
const KEPT = 12;

export function createViolations(time: VirtualTime, trace: Trace): Violations {
  const found: Violation[] = [];
  return {
    found,
    add(name, text) {
      trace.note(time.nowMs, 'VIOLATION', `${name}: ${text}`);
      if (found.length < KEPT) found.push({ name, atMs: time.nowMs, text });
    },
  };
}

export function describeViolation(v: Violation): string {
  return `${v.name} at ${clockFace(v.atMs)}: ${v.text}`;
}
