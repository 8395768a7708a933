import type { VNode } from 'preact';
import type { Json, JsonObject } from '../../wire.ts';
import { html } from '../html.ts';
import { withEmoji } from '../text/emoji.ts';
import { isObject, wordsOf } from '../text/json.ts';
import { Mrkdwn } from './mrkdwn-view.ts';

/** The words of a plain text object, as its reader sees them. */
export function plainWords(value: Json | undefined): string {
  if (!isObject(value)) return wordsOf(value);
  const text = wordsOf(value.text);
  return value.type === 'plain_text' && value.emoji === false ? text : withEmoji(text);
}

/** A text object: mrkdwn with its markup, plain text literally. */
export function TextObject({ value }: { readonly value: JsonObject }): VNode {
  if (value.type === 'mrkdwn') return html`<${Mrkdwn} text=${wordsOf(value.text)} />`;
  return html`<span class="plain">${plainWords(value)}</span>`;
}
