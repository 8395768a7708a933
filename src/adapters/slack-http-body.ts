import { z } from 'zod';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

const LONGEST_SSL_CHECK_BYTES = 1_000;

/** The content types as Bolt compares them: exactly, without a charset. */
export type ContentType = typeof FORM | typeof JSON_TYPE;

export type BodyKind =
  | { readonly kind: 'command' | 'interaction' | 'event'; readonly contentType: ContentType }
  /** Slack looks whether TLS works; unsigned, and nothing in it counts. */
  | { readonly kind: 'ssl-check' }
  | { readonly kind: 'unreadable'; readonly why: string };

const commandShape = z.looseObject({
  command: z.string().min(1),
  user_id: z.string().min(1),
  trigger_id: z.string().min(1),
});

const interactionShape = z.looseObject({
  type: z.enum(['block_actions', 'view_submission', 'view_closed', 'shortcut', 'message_action', 'block_suggestion']),
  user: z.looseObject({ id: z.string().min(1) }),
});

const eventShape = z.union([
  z.looseObject({ type: z.literal('url_verification'), challenge: z.string() }),
  z.looseObject({ type: z.literal('event_callback'), event: z.looseObject({ type: z.string() }) }),
]);

/**
 * What a signed body is. Bolt takes the shape for granted: `payload=null` throws where nobody answers, and a body of no
 * known kind waits three seconds for nothing. Those are told apart here, before Bolt sees them.
 */
export function classifyBody(contentType: string | undefined, body: Buffer): BodyKind {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type === JSON_TYPE) {
    return fits(eventShape, parsedJson(body.toString('utf8')))
      ? { kind: 'event', contentType: JSON_TYPE }
      : { kind: 'unreadable', why: 'no event' };
  }
  if (type !== FORM) return { kind: 'unreadable', why: 'content type' };
  const fields = [...new URLSearchParams(body.toString('utf8'))];
  const form = new Map(fields);
  // A repeated field is read as the first one by some and as the last one by others.
  if (form.size !== fields.length) return { kind: 'unreadable', why: 'repeated field' };
  if (form.get('ssl_check') === '1') return { kind: 'ssl-check' };
  const payload = form.get('payload');
  if (payload !== undefined) {
    return form.size === 1 && fits(interactionShape, parsedJson(payload))
      ? { kind: 'interaction', contentType: FORM }
      : { kind: 'unreadable', why: 'payload' };
  }
  return fits(commandShape, Object.fromEntries(form))
    ? { kind: 'command', contentType: FORM }
    : { kind: 'unreadable', why: 'no command' };
}

/** Judged before the signature, because Slack does not sign it; only a small form can be one. */
export function isSslCheck(contentType: string | undefined, body: Buffer): boolean {
  // Looked for before it is parsed, because every command is short enough to be one.
  const mayBe = body.length <= LONGEST_SSL_CHECK_BYTES && body.includes('ssl_check');
  return mayBe && classifyBody(contentType, body).kind === 'ssl-check';
}

function fits(shape: z.ZodType, value: unknown): boolean {
  return shape.safeParse(value).success;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
