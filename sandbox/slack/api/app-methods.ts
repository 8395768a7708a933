import type { Problem } from '../blocks/checks.ts';
import { validateBlocks } from '../blocks/validate-blocks.ts';
import { validateView } from '../blocks/validate-view.ts';
import { isJsonObject } from '../json.ts';
import type { ApiMethods } from './api-method.ts';
import type { CallArguments } from './call-arguments.ts';
import { findChannel } from './find-channel.ts';
import { invalidArguments, refuseProblems, SlackApiError } from './slack-api-error.ts';

/** Source: the reference of blocks.validate. */
const VALIDATE_CHARACTERS = 100_000;

function judgeGiven(args: CallArguments): Problem[] {
  const blocks = args.structure('blocks', 'invalid_arguments');
  const message = args.object('message', 'invalid_arguments');
  const view = args.object('view', 'invalid_arguments');
  const given = [blocks, message, view].filter((one) => one !== undefined);
  if (given.length !== 1) throw invalidArguments('must give exactly one of blocks, message, view');
  if (JSON.stringify(given[0]).length > VALIDATE_CHARACTERS) throw new SlackApiError('invalid_arguments');
  if (view) return validateView(view, view.type === 'home' ? 'home' : 'modal');
  if (message) return validateBlocks(message.blocks ?? [], 'message', '/message/blocks');
  return validateBlocks(blocks, 'message');
}

export const APP_METHODS: ApiMethods = {
  'auth.test': {
    token: 'bot',
    scopes: [],
    limit: 'none',
    run(_args, { workspace: { world }, baseUrl }) {
      return {
        url: `${baseUrl()}/`,
        team: world.team.name,
        user: world.bot.name,
        team_id: world.team.id,
        user_id: world.bot.userId,
        bot_id: world.bot.botId,
        is_enterprise_install: false,
      };
    },
  },
  'bots.info': {
    token: 'bot',
    scopes: ['users:read'],
    limit: 'tier3',
    run(args, { workspace: { world } }) {
      const id = args.text('bot') ?? world.bot.botId;
      if (id !== world.bot.botId) throw new SlackApiError('bot_not_found');
      const { botId, name, userId } = world.bot;
      return { bot: { id: botId, deleted: false, name, updated: 0, app_id: world.appId, user_id: userId, icons: {} } };
    },
  },
  'apps.connections.open': {
    token: 'app',
    scopes: ['connections:write'],
    limit: 'tier3',
    run: (_args, { sockets }) => ({ url: sockets.issueUrl() }),
  },
  'reactions.add': {
    token: 'bot',
    scopes: ['reactions:write'],
    limit: 'tier3',
    run(args, { workspace }) {
      const channel = findChannel(workspace, args.requiredText('channel'));
      const record = workspace.message(channel.id, args.requiredText('timestamp'));
      if (!record || record.ephemeralTo) throw new SlackApiError('message_not_found');
      const name = args.requiredText('name').replaceAll(':', '');
      if (!/^[a-z0-9_+'-]+$/.test(name)) throw new SlackApiError('invalid_name');
      const reaction = record.reactions.find((one) => one.name === name);
      const botUser = workspace.world.bot.userId;
      if (reaction?.users.includes(botUser)) throw new SlackApiError('already_reacted');
      if (reaction) reaction.users.push(botUser);
      else record.reactions.push({ name, users: [botUser] });
      workspace.touch();
      return {};
    },
  },
  'blocks.validate': {
    token: 'none',
    scopes: [],
    limit: 'none',
    run(args) {
      const problems = judgeGiven(args);
      try {
        refuseProblems('invalid_blocks', problems);
      } catch (error) {
        // This method lists problems as objects, unlike those that send.
        if (!(error instanceof SlackApiError)) throw error;
        const errors = problems.map(({ message, pointer }) => ({ code: 'invalid', message, pointer }));
        const metadata = error.detail.response_metadata;
        throw new SlackApiError(error.code, {
          errors,
          ...(isJsonObject(metadata) ? { response_metadata: metadata } : {}),
        });
      }
      return {};
    },
  },
};
