import { randomBytes } from 'node:crypto';
import { SlackApiError } from '../api/slack-api-error.ts';

/** Slack gives an app three seconds to use a trigger. */
export const TRIGGER_LIFE_MS = 3000;

export interface Trigger {
  user: string;
  /** The view the interaction came from, if it was one. */
  viewId?: string;
}

/** Issues trigger ids and takes each back once. */
export function createTriggers(now: () => number) {
  const issued = new Map<string, Trigger & { atMs: number; used: boolean }>();
  return {
    issue(trigger: Trigger): string {
      const id = `${now()}.${issued.size + 1}.${randomBytes(16).toString('hex')}`;
      issued.set(id, { ...trigger, atMs: now(), used: false });
      return id;
    },
    /** @throws `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id` */
    exchange(id: string): Trigger {
      const trigger = issued.get(id);
      if (!trigger) throw new SlackApiError('invalid_trigger_id');
      if (trigger.used) throw new SlackApiError('exchanged_trigger_id');
      if (now() - trigger.atMs > TRIGGER_LIFE_MS) throw new SlackApiError('expired_trigger_id');
      trigger.used = true;
      return trigger;
    },
  };
}

export type Triggers = ReturnType<typeof createTriggers>;
