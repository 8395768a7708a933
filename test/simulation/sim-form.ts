import { sha256 } from '../../src/evidence/canonical.ts';
import type { StoredEntry, StoredSnapshot } from '../../src/ports/log-store.ts';
import { LOG_FORM, type LogForm } from '../../src/rollout/log-form.ts';

/** The log's form in one life, and what its hashes are made with. */
export interface SimForm extends LogForm {
  hashOf(body: string): string;
}

/** One life of so many has the real form. */
const REAL_EVERY = 10;

export function formFor(seed: number): SimForm {
  return seed % REAL_EVERY === 0 ? { ...LOG_FORM, hashOf: sha256 } : createCheapForm();
}

/**
 * The same answers as the real form's, for items that the simulated table itself handed out: an item is checked and
 * read once and not once for each replica, and its hash is a quick one.
 */
function createCheapForm(): SimForm {
  const opened = new WeakMap<StoredEntry, ReturnType<LogForm['open']>>();
  const states = new WeakMap<StoredSnapshot, ReturnType<LogForm['stateOf']>>();
  return {
    hashOf: quickHash,
    digest: (value) => quickHash(JSON.stringify(value)),
    seal(draft, seq, prevHash) {
      const body = JSON.stringify({ ...draft, seq, prevHash });
      return { seq, body, hash: quickHash(body), prevHash };
    },
    open(item, after) {
      if (item.seq !== after.seq + 1) return { kind: 'broken', seq: after.seq + 1, why: 'an entry is missing' };
      if (item.prevHash !== after.hash) return { kind: 'broken', seq: item.seq, why: 'it does not follow' };
      const before = opened.get(item);
      if (before !== undefined) return before;
      // The real form reads it; only the hash of the text is of our own kind.
      const entry = LOG_FORM.open({ ...item, hash: sha256(item.body) }, after);
      const own = 'kind' in entry ? entry : { ...entry, hash: item.hash };
      opened.set(item, own);
      return own;
    },
    stateOf(snapshot) {
      const before = states.get(snapshot);
      if (before !== undefined) return before;
      const state = LOG_FORM.stateOf(snapshot);
      states.set(snapshot, state);
      return state;
    },
  };
}

/** 2 × 32 bits of a multiplicative hash (cyrb53's mixing). */
function quickHash(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return `q${(b >>> 0).toString(16).padStart(8, '0')}${(a >>> 0).toString(16).padStart(8, '0')}`;
}
