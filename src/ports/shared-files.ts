import type { Reading } from '../rollout/observation.ts';

/** Files that everybody in the channel can take. Never throws. */
export interface SharedFiles {
  /** Into the thread of a message. Unknown: it may or may not be there. */
  share(
    file: { readonly name: string; readonly title: string; readonly text: string },
    thread: { readonly channel: string; readonly ts: string },
  ): Promise<Reading<true>>;
}
