/**
 * Slack's limits, in the one place that knows them. Source of each: the types of @slack/types 3.2 and the method
 * references, unless said otherwise. Lengths are UTF-16 units, as Slack counts them.
 */
export const LIMITS = {
  blocksPerMessage: 50,
  /** Of modals and of Home. */
  blocksPerView: 100,
  viewBytes: 250_000,
  /** chat.update refuses longer `text` with `msg_too_long`; chat.postMessage takes ten times as much. */
  messageText: 4000,
  /** Not published: third parties saw refusals near 13,200 for all blocks of a message but tables. */
  messageBlocksText: 13_200,
  headerText: 150,
  sectionText: 3000,
  contextElements: 10,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2000,
  actionId: 255,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  tableRows: 100,
  tableColumns: 20,
  tableText: 10_000,
  viewTitle: 24,
  viewMetadata: 3000,
  viewCallbackId: 255,
  inputLabel: 2000,
  inputText: 3000,
  placeholder: 150,
  optionText: 75,
  optionValue: 75,
  options: 100,
} as const;

/** What one piece of outside text may take on a card; together they stay well below the message's budget. */
export const PIECES = {
  note: 300,
  reason: 300,
  words: 400,
  name: 80,
  listed: 5,
  /** Two of these, a header and a context stay below the message's budget. */
  paragraph: 5_000,
} as const;

/** At most `max` characters; what is left out is counted: `some long te… +12`. Never splits a character in two. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let keep = max;
  for (;;) {
    const suffix = `… +${text.length - keep}`;
    const next = Math.max(0, max - suffix.length);
    if (next === keep) break;
    keep = next;
  }
  const last = text.charCodeAt(keep - 1);
  if (last >= 0xd800 && last <= 0xdbff) keep -= 1;
  return `${text.slice(0, keep)}… +${text.length - keep}`.slice(0, max);
}

/** The first `max` items and how many more there are. */
export function firstOf<T>(items: readonly T[], max: number): { readonly shown: readonly T[]; readonly more: number } {
  return { shown: items.slice(0, max), more: Math.max(0, items.length - max) };
}
