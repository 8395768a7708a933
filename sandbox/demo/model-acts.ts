import { ACTIONS } from '../../blocks/ids.ts';
import { type Demo, newestRollout, STAGING, serves, shown, until } from './demo-parts.ts';
import { PEOPLE } from './people.ts';
import { eventsOf } from './record.ts';

const { olivia, bea, alice } = PEOPLE;
const VERSION = 4;

/** A package that nobody has approved yet: its card, who may not decide, who does, and the deploy that goes on by itself. */
export async function pendingModel(demo: Demo): Promise<string> {
  const { stage, transcript, sandbox } = demo;
  const { control } = sandbox.sagemaker;
  transcript.act('A model that waits for approval in the registry');
  const before = (await control.journal()).at(-1)?.seq ?? 0;
  await stage.types(bea, `deploy staging --model ${VERSION} -- trained again`);
  const asked = await until(demo, 'it is asked', (s) => s.approvals.length === 1);
  const id = asked.approvals[0]?.id ?? '';
  await shown(demo, id, /Approve model/);
  await stage.showCard(id);
  await stage.presses(bea, ACTIONS.approveModel, 'Approve model');
  await stage.presses(olivia, ACTIONS.approveModel, 'Approve model');
  const refusals = eventsOf(await demo.record.entries(), 'CommandRefused').filter(
    ({ event }) => event.rolloutId === id,
  );
  const who = refusals.map(({ event }) => event.by).join(', ');
  transcript.claim('both refusals are in the record', who === `${bea.id}, ${olivia.id}`, who);
  transcript.claim('SageMaker: nothing was changed so far', (await control.journal(before)).length === 0);

  await stage.presses(alice, ACTIONS.approveModel, 'Approve model');
  const state = await until(demo, 'the gate opens', (s) => newestRollout(s)?.status === 'gate');
  const rollout = newestRollout(state);
  const rolloutId = rollout?.id ?? '';
  await shown(demo, id, /is approved/);
  await shown(demo, rolloutId, /Promote to prod/);
  const packageArn = rollout?.candidate.packageArn ?? '';
  const seen = await control.console('DescribeModelPackage', { ModelPackageName: packageArn });
  const words = String(seen.ApprovalDescription);
  const registered = seen.ModelApprovalStatus === 'Approved' && words.includes(alice.id) && words.includes(id);
  transcript.claim('SageMaker: the registry says who approved it, and where', registered, words);
  const told = (await control.journal(before)).filter(
    (each) => each.kind === 'call' && each.parameters.ModelApprovalStatus !== undefined,
  );
  transcript.claim('SageMaker: the registry was told once', told.length === 1);
  const entries = await demo.record.entries();
  const [decided] = eventsOf(entries, 'ModelDecided');
  const [intended] = eventsOf(entries, 'RegistryCallIntended');
  const begun = eventsOf(entries, 'RolloutStarted').find(({ event }) => event.rolloutId === rolloutId);
  const inOrder =
    decided !== undefined &&
    intended !== undefined &&
    begun !== undefined &&
    decided.entry.seq < intended.entry.seq &&
    intended.entry.seq < begun.entry.seq;
  const asker = begun?.event.requester ?? 'nobody';
  transcript.claim(
    'the record: decided first, then the registry, then the rollout by itself',
    inOrder && decided.event.by === alice.id && asker === bea.id,
    `asked by ${asker}, approved by ${decided?.event.by}`,
  );
  await serves(demo, STAGING, VERSION);
  return rolloutId;
}
