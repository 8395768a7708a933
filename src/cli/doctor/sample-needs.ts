import type { Sample, SampleKind } from '../../../blocks/samples/samples.ts';
import { usageLines } from '../../command-usage.ts';
import { sections } from '../../runbook.ts';
import type { Composed, SlackSide } from '../compose-cli.ts';
import { judgedMessages } from './judged-messages.ts';
import { type Need, skipped } from './need.ts';

/** Short ones are asked about together; a message has at most fifty blocks. */
const MOST_BLOCKS = 45;

/** Whether Slack takes everything that titanic can show, filled in with examples: a line for each kind. */
export async function sampleNeeds({ slack }: Pick<Composed, 'slack'>): Promise<readonly Need[]> {
  if ('missing' in slack) return [skipped('samples', `${slack.missing}, so Slack cannot be asked`)];
  const needs: Need[] = [];
  let answered = true;
  for (const kind of await everyKind()) {
    const name = nameOf(kind);
    if (!answered) {
      needs.push(skipped(name, 'not asked, because Slack did not answer before'));
      continue;
    }
    const judged = await judgedKind(slack, kind);
    answered = judged.answered;
    needs.push(judged.need);
  }
  return needs;
}

async function everyKind(): Promise<readonly SampleKind[]> {
  // Loaded only here: nothing else that the command line does needs them.
  const { saidOf, sampleKinds } = await import('../../../blocks/samples/samples.ts');
  const said = sections().flatMap(({ title, codes }) => codes.map((code) => saidOf(title, code)));
  return [...sampleKinds(usageLines), { title: 'Sentences', short: true, samples: said }];
}

async function judgedKind(slack: SlackSide, kind: SampleKind) {
  const { samples, short } = kind;
  const all = `all ${samples.length}`;
  if (!short) return judgedMessages(slack, nameOf(kind), samples, all);
  const together = await judgedMessages(slack, nameOf(kind), batches(samples), all);
  // Which of them it is shows only one by one.
  return together.answered && together.need.status === 'problem'
    ? judgedMessages(slack, nameOf(kind), samples, `${all}, but not together`)
    : together;
}

function nameOf({ title }: SampleKind): string {
  return `samples: ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}

/** As few messages as hold all of these. */
function batches(samples: readonly Sample[]): readonly Sample[] {
  const made: { blocks: object[]; first: string; last: string }[] = [];
  for (const [title, { blocks }] of samples) {
    const open = made.at(-1);
    if (open === undefined || open.blocks.length + blocks.length > MOST_BLOCKS) {
      made.push({ blocks: [...blocks], first: title, last: title });
    } else {
      open.blocks.push(...blocks);
      open.last = title;
    }
  }
  return made.map(({ blocks, first, last }) => [`${first} to ${last}`, { blocks }]);
}
