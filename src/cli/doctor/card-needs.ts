import { help } from '../../../blocks/help.ts';
import { history } from '../../../blocks/history.ts';
import { models } from '../../../blocks/models.ts';
import { createRender } from '../../../blocks/render.ts';
import { status } from '../../../blocks/status.ts';
import { usageLines } from '../../command-usage.ts';
import type { Rendered } from '../../ports/channel.ts';
import { cardOf } from '../../rollout/card.ts';
import type { ServiceState } from '../../rollout/state.ts';
import type { Composed, SlackSide } from '../compose-cli.ts';
import { type Need, ok, problem, skipped } from './need.ts';

/** As many as a person waits for; the newest. */
const MOST_CARDS = 20;
const SHOWN = 10;

/** Whether Slack would take what the bot shows of each service now, without posting any of it. */
export async function cardNeeds({ slack, settings, engine, registry }: Composed): Promise<readonly Need[]> {
  if ('missing' in slack) return [skipped('slack: messages', `${slack.missing}, so Slack cannot be asked`)];
  const names = settings.services.map(({ name }) => name);
  const needs: Need[] = [await judged(slack, 'slack: messages', [['help', help(usageLines())]])];
  for (const { name, modelPackageGroup } of settings.services) {
    const [record, packages] = await Promise.all([engine.state(name), registry.list(modelPackageGroup, SHOWN)]);
    // What cannot be read is a line of its own already.
    if (record.kind === 'unknown') continue;
    const state = record.value;
    const listed = packages.kind === 'known' ? [['models', models(name, packages.value, state)] as const] : [];
    const { prices } = settings;
    const render = createRender({ approversMention: '', services: names, ...(prices === undefined ? {} : { prices }) });
    const cards = idsOf(state).flatMap((id) => {
      const card = cardOf(state, id);
      return card === null ? [] : [[`card ${id}`, render.card(card)] as const];
    });
    const shown = [
      ['status', status(state)] as const,
      ['history', history(state, SHOWN)] as const,
      ...listed,
      ...cards,
    ];
    needs.push(await judged(slack, `${name}: messages`, shown));
  }
  return needs;
}

function idsOf({ rollouts, ended, endedRollbacks, approvals, endedApprovals }: ServiceState): readonly string[] {
  return [...rollouts, ...ended, ...endedRollbacks, ...approvals, ...endedApprovals]
    .map(({ id }) => id)
    .slice(0, MOST_CARDS);
}

async function judged(
  slack: SlackSide,
  name: string,
  messages: readonly (readonly [what: string, message: Rendered])[],
): Promise<Need> {
  for (const [what, { blocks }] of messages) {
    const found = await slack.blocks(blocks);
    if (found.kind === 'unknown') {
      return problem(name, `Slack does not say whether it takes ${what} (${found.why})`, 'Try again later.');
    }
    if (found.value.length > 0) {
      const todo = 'Report it with this line: the bot would fall back to plain text.';
      return problem(name, `Slack refuses ${what}: ${found.value.join('; ')}`, todo);
    }
  }
  return ok(name, `Slack takes ${messages.map(([what]) => what).join(', ')}`);
}
