import { z } from 'zod';
import { INPUTS } from '../blocks/ids.ts';

/**
 * The one place where Slack's payloads are read. Who acted is taken from the signed ids only, never from names,
 * values or metadata; those are pointers, and what they point to is judged anew.
 */

const id = z.string().min(1).max(100);

const commandShape = z.object({
  user_id: id,
  channel_id: id.nullish(),
  text: z.string().default(''),
  trigger_id: z.string().max(500).default(''),
  response_url: z.string().nullish(),
});

const actionShape = z.object({
  user: z.object({ id }),
  channel: z.object({ id }).nullish(),
  message: z.object({ ts: id }).nullish(),
  container: z.object({ channel_id: id.nullish(), message_ts: id.nullish() }).nullish(),
  view: z.object({ id }).nullish(),
  trigger_id: z.string().max(500).nullish(),
  response_url: z.string().nullish(),
  actions: z
    .array(
      z.object({
        action_id: z.string().max(255),
        action_ts: z.string().max(50),
        value: z.string().max(2000).nullish(),
      }),
    )
    .min(1),
});

/** What was typed into an input, or the value of the option that was chosen. */
const inputShape = z.object({
  value: z.string().max(3000).nullish(),
  selected_option: z.object({ value: z.string().max(150) }).nullish(),
});

const viewShape = z.object({
  user: z.object({ id }),
  view: z.object({
    id,
    callback_id: z.string().max(255),
    private_metadata: z.string().max(3000).default(''),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), inputShape)) }),
  }),
});

/** Whoever it was, for an answer to something that nothing else is read of. */
const somebodyShape = z.object({
  user_id: id.nullish(),
  user: z.union([id, z.object({ id })]).nullish(),
  channel_id: id.nullish(),
  channel: z.object({ id }).nullish(),
  response_url: z.string().nullish(),
});

export interface Typed {
  readonly person: string;
  readonly channel: string | null;
  readonly words: string;
  readonly triggerId: string;
  readonly responseUrl: string | null;
}

export interface Pressed {
  readonly person: string;
  readonly channel: string | null;
  readonly messageTs: string | null;
  readonly actionId: string;
  readonly actionTs: string;
  /** What the button carried: an id, to be looked up. */
  readonly value: string;
  readonly triggerId: string | null;
  readonly responseUrl: string | null;
}

export interface Submitted {
  readonly person: string;
  readonly viewId: string;
  readonly callbackId: string;
  readonly metadata: string;
  readonly reason: string | null;
  /** What was entered, trimmed; null: nothing. */
  entered(input: keyof typeof INPUTS): string | null;
}

/** @throws when Slack sent something else than it documents */
export function readTyped(body: unknown): Typed {
  const { user_id, channel_id, text, trigger_id, response_url } = commandShape.parse(body);
  return {
    person: user_id,
    channel: channel_id ?? null,
    words: text,
    triggerId: trigger_id,
    responseUrl: response_url ?? null,
  };
}

/** @throws when Slack sent something else than it documents */
export function readPressed(body: unknown): Pressed {
  const { user, channel, message, container, trigger_id, response_url, actions } = actionShape.parse(body);
  const [action] = actions;
  if (action === undefined) throw new Error('a press without an action');
  return {
    person: user.id,
    channel: channel?.id ?? container?.channel_id ?? null,
    messageTs: message?.ts ?? container?.message_ts ?? null,
    actionId: action.action_id,
    actionTs: action.action_ts,
    value: action.value ?? '',
    triggerId: trigger_id ?? null,
    responseUrl: response_url ?? null,
  };
}

/** @throws when Slack sent something else than it documents */
export function readSubmitted(body: unknown): Submitted {
  const { user, view } = viewShape.parse(body);
  const entered = (input: keyof typeof INPUTS) => {
    const { block, action } = INPUTS[input];
    const state = view.state.values[block]?.[action];
    return (state?.value ?? state?.selected_option?.value)?.trim() || null;
  };
  return {
    person: user.id,
    viewId: view.id,
    callbackId: view.callback_id,
    metadata: view.private_metadata,
    reason: entered('reason'),
    entered,
  };
}

/** null: the payload names nobody. */
export function readSomebody(
  body: unknown,
): { readonly person: string; readonly channel: string | null; readonly responseUrl: string | null } | null {
  const parsed = somebodyShape.safeParse(body);
  if (!parsed.success) return null;
  const { user_id, user, channel_id, channel, response_url } = parsed.data;
  const person = user_id ?? (typeof user === 'string' ? user : user?.id);
  if (person == null) return null;
  return { person, channel: channel_id ?? channel?.id ?? null, responseUrl: response_url ?? null };
}

const deliveryShape = z.string().min(1);

/** The delivery that the receiver named: an envelope's id, or the digest of a signature. */
export function deliveryOf(context: { readonly [key: string]: unknown }): string {
  return deliveryShape.parse(context.deliveryId);
}
