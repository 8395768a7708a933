import { z } from 'zod';

/** What we read of Slack's answers. Everything else in them is ignored; a different shape is an unreadable answer. */

export const authTestShape = z.object({
  team_id: z.string().min(1),
  user_id: z.string().min(1),
  bot_id: z.string().min(1),
  enterprise_id: z.string().nullish(),
});

export const botsInfoShape = z.object({ bot: z.object({ app_id: z.string().min(1) }) });

export const usersInfoShape = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().nullish(),
    tz: z.string().nullish(),
    deleted: z.boolean().optional(),
    is_bot: z.boolean().optional(),
    is_workflow_bot: z.boolean().optional(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    is_stranger: z.boolean().optional(),
    enterprise_user: z.object({ enterprise_id: z.string().nullish() }).nullish(),
  }),
});

export const groupUsersShape = z.object({ users: z.array(z.string()) });

export const conversationShape = z.object({
  channel: z.object({
    is_ext_shared: z.boolean().optional(),
    is_pending_ext_shared: z.boolean().optional(),
    is_archived: z.boolean().optional(),
    is_member: z.boolean().optional(),
  }),
});

export const postedShape = z.object({ ts: z.string().min(1) });

/** What a view is called, and which state of it is shown. */
export const viewShape = z.object({ view: z.object({ id: z.string().min(1) }) });
export const publishedShape = z.object({ view: z.object({ hash: z.string().min(1) }) });

export const permalinkShape = z.object({ permalink: z.string().min(1) });
