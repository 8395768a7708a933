import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { PageMessage } from '../../wire.ts';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import { isUnread } from '../model/read-marks.ts';
import { agoWords, dayWords } from '../text/slack-date.ts';
import { Avatar } from './avatar.ts';
import { Icon } from './icon.ts';
import { MessageRow, momentOf } from './message-row.ts';

/** How far from its end a list still counts as being at its end. */
const NEAR_END_PX = 80;

/** A channel's messages with the days, the line "New" and Slack's own words between them. */
export function MessageList({ channel, label }: { readonly channel: string; readonly label: string }): VNode {
  const { state } = usePage();
  const { slack, me, notices, newAfter } = state;
  const messages = (slack?.messages ?? []).filter((one) => one.channel === channel && one.threadTs === undefined);
  const own = notices.filter((notice) => notice.channel === channel && notice.person === me);
  const list = useRef<HTMLDivElement>(null);
  useStickyEnd(list, `${me} ${channel}`, `${messages.length} ${own.length} ${slack?.revision ?? 0}`);

  let day = '';
  let isNewShown = false;
  const rows: (VNode | null)[] = own.filter(({ afterTs }) => afterTs === '0').map((one) => slackbot(one.id, one.text));
  const known = new Set<number>(own.filter(({ afterTs }) => afterTs === '0').map(({ id }) => id));
  messages.forEach((message, index) => {
    const today = dayWords(momentOf(message.ts), Date.now());
    if (today !== day) rows.push(html`<p class="day" key=${`day ${today}`}><span>${today}</span></p>`);
    day = today;
    if (!isNewShown && newAfter !== null && message.ts > newAfter) {
      isNewShown = true;
      rows.push(html`<p class="new-line" key="new"><span>New</span></p>`);
    }
    rows.push(html`<${MessageRow} key=${message.ts} message=${message}><${ThreadWay} root=${message} /><//>`);
    const next = messages[index + 1];
    for (const notice of own) {
      if (known.has(notice.id) || (next !== undefined && notice.afterTs >= next.ts)) continue;
      known.add(notice.id);
      rows.push(slackbot(notice.id, notice.text));
    }
  });
  return html`<div class="messages" ref=${list} role="log" aria-label=${label} tabindex="0">
    ${messages.length === 0 && own.length === 0 && html`<p class="empty">Nothing was said here yet.</p>`} ${rows}
  </div>`;
}

function slackbot(id: number, text: string): VNode {
  return html`<article class="message is-ephemeral" key=${`notice ${id}`} aria-label="Slackbot">
    <p class="only-you"><${Icon} name="eye" /> Only visible to you</p>
    <span class="avatar is-normal tint-slack" aria-hidden="true">S</span>
    <div class="message-body">
      <p class="message-head"><span class="author">Slackbot</span></p>
      <p class="message-text">${text}</p>
    </div>
  </article>`;
}

/** `3 replies · last 2 minutes ago`, or the way to begin a thread. */
function ThreadWay({ root }: { readonly root: PageMessage }): VNode | null {
  const { state, deeds } = usePage();
  if (root.ephemeral) return null;
  const replies = (state.slack?.messages ?? []).filter(
    ({ channel, threadTs }) => channel === root.channel && threadTs === root.ts,
  );
  const open = () => deeds.openThread(root.channel, root.ts);
  const last = replies.at(-1);
  if (last === undefined)
    return html`<button type="button" class="thread-way is-empty" onClick=${open}>Reply in thread</button>`;
  const isOpen = state.thread?.ts === root.ts;
  const unread = isOpen ? 0 : replies.filter((reply) => isUnread(state.marks, state.me, reply)).length;
  const authors = [...new Set(replies.map(({ user }) => user))].slice(0, 3);
  return html`<button type="button" class=${unread > 0 ? 'thread-way is-unread' : 'thread-way'} aria-expanded=${isOpen} onClick=${open}>
    ${authors.map((id) => html`<${Avatar} person=${state.slack?.people.find((one) => one.id === id)} size="small" />`)}
    <span class="replies">${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}</span>
    ${unread > 0 && html`<span class="badge">${unread} new</span>`}
    <span class="last-reply">Last ${agoWords(Date.now() - momentOf(last.ts).getTime())}</span>
  </button>`;
}

/** Stays at the end when it was there; another channel or person starts at the line "New", else at the end. */
export function useStickyEnd(
  list: { readonly current: HTMLDivElement | null },
  subject: string,
  content: string,
): void {
  const wasAtEnd = useRef(true);
  const before = useRef('');
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const toEnd = () => element.scrollTo({ top: element.scrollHeight });
    const isOther = before.current !== subject;
    before.current = subject;
    const newLine = isOther ? element.querySelector('.new-line') : null;
    if (newLine !== null) newLine.scrollIntoView({ block: 'start' });
    else if (isOther || wasAtEnd.current) toEnd();
    const note = () => {
      wasAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    };
    note();
    element.addEventListener('scroll', note, { passive: true });
    // The list also grows shorter, as when the composer's suggestions open above it.
    const observer = new ResizeObserver(() => wasAtEnd.current && toEnd());
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', note);
      observer.disconnect();
    };
  }, [subject, content]);
}
