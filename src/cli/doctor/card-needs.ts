import { help } from '../../../blocks/help.ts';
import { history } from '../../../blocks/history.ts';
import { models } from '../../../blocks/models.ts';
import { createRender } from '../../../blocks/render.ts';
import { status } from '../../../blocks/status.ts';
import { usageLines } from '../../command-usage.ts';
import { cardOf } from '../../rollout/card.ts';
import type { ServiceState } from '../../rollout/state.ts';
import type { Composed } from '../compose-cli.ts';
import { judgedMessages } from './judged-messages.ts';
import { type Need, skipped } from './need.ts';

/** As many as a person waits for; the newest. */
const MOST_CARDS = 20;
const SHOWN = 10;

/** Whether Slack would take what the bot shows of each service now, without posting any of it. */
export async function cardNeeds({ slack, settings, engine, registry, costs }: Composed): Promise<readonly Need[]> {
  if ('missing' in slack) return [skipped('slack: messages', `${slack.missing}, so Slack cannot be asked`)];
  const names = settings.services.map(({ name }) => name);
  const { prices } = await (await costs()).costs.report([]);
  const needs = [(await judgedMessages(slack, 'slack: messages', [['help', help(usageLines())]])).need];
  for (const { name, modelPackageGroup } of settings.services) {
    const [record, packages] = await Promise.all([engine.state(name), registry.list(modelPackageGroup, SHOWN)]);
    // What cannot be read is a line of its own already.
    if (record.kind === 'unknown') continue;
    const state = record.value;
    const listed = packages.kind === 'known' ? [['models', models(name, packages.value, state)] as const] : [];
    const render = createRender({ approversMention: '', services: names, ...(prices === null ? {} : { prices }) });
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
    needs.push((await judgedMessages(slack, `${name}: messages`, shown)).need);
  }
  return needs;
}

function idsOf({ rollouts, ended, endedRollbacks, approvals, endedApprovals }: ServiceState): readonly string[] {
  return [...rollouts, ...ended, ...endedRollbacks, ...approvals, ...endedApprovals]
    .map(({ id }) => id)
    .slice(0, MOST_CARDS);
}
