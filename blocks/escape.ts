/**
 * Characters that show nothing and change how the rest is read: controls, bidirectional overrides and isolates,
 * zero-width ones, the byte order mark, line and paragraph separators, tags. A text with them can look like another.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029\u115f\u1160\u3164\uffa0]/gu;
const WHITE_SPACE = /[\s\u00a0]+/gu;

/** Outside text as one line of visible characters. Not escaped: for plain text, rich text and table cells. */
export function visible(text: string): string {
  return text.toWellFormed().replace(WHITE_SPACE, ' ').replace(UNSEEN, '').trim();
}

/** For mrkdwn and for a message's `text`, which is mrkdwn too: no mention, link or broadcast survives. */
export function escapeMrkdwn(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
