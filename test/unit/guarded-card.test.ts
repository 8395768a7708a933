import { describe, expect, test } from 'vitest';
import { createRender } from '../../blocks/render.ts';
import { status } from '../../blocks/status.ts';
import { isJsonObject, objectsOf } from '../../sandbox/slack/json.ts';
import { parseCommand } from '../../src/command.ts';
import { cardOf } from '../../src/rollout/card.ts';
import { canary } from '../support/guarded.ts';
import { approver, operator } from '../support/rollout-facts.ts';
import { lock, rollback } from '../support/sayings.ts';
import { type Story, story } from '../support/story.ts';

const UNTIL = '2026-03-02T15:40:00.000Z';
const BAKES = 'Baking: Baking for 600 seconds with traffic enabled on canary capacity of 1 instance(s).';

const { card } = createRender({
  approversMention: '<!subteam^S0APPROVERS>',
  services: ['survival'],
  prices: { currency: 'USD', perInstanceHour: { 'ml.m5.large': 0.115 } },
});

function rendered(told: Story, id = told.subject) {
  const found = cardOf(told.state, id);
  if (found === null) throw new Error(`${id} has no card`);
  return card(found);
}

const lines = (told: Story, id?: string) =>
  rendered(told, id)
    .text.replaceAll(/<!date\^\d+\^[^|]+\|([^>]+)>/g, '$1')
    .split('\n');
const line = (told: Story, begins: string, id?: string) => lines(told, id).find((one) => one.startsWith(begins));

function buttons(told: Story, id?: string): readonly (readonly [text: unknown, says: unknown, asks: unknown])[] {
  const blocks: unknown = JSON.parse(JSON.stringify(rendered(told, id).blocks));
  return objectsOf(blocks)
    .filter(({ type }) => type === 'actions')
    .flatMap(({ elements }) => objectsOf(elements))
    .map(({ text, value, confirm }) => [
      isJsonObject(text) ? text.text : null,
      value,
      isJsonObject(confirm) && isJsonObject(confirm.text) ? confirm.text.text : null,
    ]);
}

/** prod is being changed to version 2 under a canary. */
const changing = story().promotes(1).begins(2, { strategy: canary }).to('prod').sends('prod');

const about = { environment: 'prod', deployment: changing.deployment('prod').id } as const;
const config = changing.deployment('prod').target.configName;
const baking = changing.records([{ type: 'ProgressSeen', ...about, words: BAKES }]);
const serving = baking.records([{ type: 'FleetServing', ...about, until: UNTIL }]);

describe('a guarded change of prod on its card', () => {
  test('is said in SageMaker’s own words, and until about when it bakes', () => {
    expect(line(baking, 'prod Baking')).toBe(`prod ${BAKES} Until about 2026-03-02 09:10 UTC`);
    expect(line(baking, 'Shift')).toBe('Shift 10 % for 10 minutes, then all; the old fleet is kept 30 minutes more');
    expect(line(baking, 'Alarms')).toBe('Alarms not read yet');
  });

  test('shows how its alarms stand, by their short names, and leaves the kill switch out', () => {
    const alarms = ['kill-switch', 'errors', 'latency'].map((ending, at) => ({
      name: `${config}-${ending}`,
      state: ['OK', 'ALARM', 'INSUFFICIENT_DATA'][at] ?? '',
      why: at === 1 ? 'above 1 %' : null,
    }));
    const named = { name: 'basket-value', state: 'OK', why: null };
    const seen = baking.records([{ type: 'AlarmsSeen', ...about, alarms: [...alarms, named] }]);
    expect(line(seen, 'Alarms')).toBe('Alarms errors on (above 1 %), latency no data yet, basket-value OK');
    const text = status(seen.state).text;
    expect(text).toContain('Alarm on errors');
  });

  test('serves with the old fleet kept as a state of its own, priced, in the card and in the status', () => {
    expect(lines(serving)[0]).toBe('survival version 2: serving in prod, the old fleet is kept');
    expect(line(serving, 'Serving')).toBe(
      'Serving version 2 answers all traffic; the old fleet (version 1) is kept until 2026-03-02 15:40 UTC, for 0.23 USD an hour',
    );
    const text = status(serving.state).text;
    expect(text).toContain('serving in prod, the old fleet is kept');
    expect(text).toMatch(/the old fleet is kept until <!date\^\d+\^[^|]+\|2026-03-02 15:40 UTC>/);
  });

  test('can be taken back by a press that names the version, and says why there is no other button', () => {
    for (const told of [changing, baking, serving]) {
      expect(buttons(told)).toEqual([
        [
          'Roll back now',
          'rollback prod --to 1 --service survival',
          'prod goes back to version 1 and is held. SageMaker undoes the running update; no instance has to start.',
        ],
      ]);
      expect(lines(told)).toContain('SageMaker cannot pause or hurry a change, or end it early: it goes on, or back.');
    }
    const pressed = parseCommand(String(buttons(serving)[0]?.[1]));
    expect(pressed).toEqual({ verb: 'rollback', environment: 'prod', to: 1, service: 'survival' });
  });

  test('offers no way back before its call is sent, nor once it is stopped', () => {
    const unsent = story().promotes(1).begins(2, { strategy: canary }).to('prod');
    expect(buttons(unsent)).toEqual([]);
    const id = baking.subject;
    const stopped = baking.tells(approver, rollback('prod'));
    expect(buttons(stopped, id).map(([text]) => text)).not.toContain('Roll back now');
  });

  test('tells on the card of the rollback what is undone first, and by what', () => {
    const stopped = serving.tells(approver, rollback('prod'));
    const { rollback: begun, deployment } = stopped.state.environments.prod;
    expect(lines(stopped, begun?.id)).toContain('SageMaker is being told to undo the change that was under way');
    const trip = deployment?.trip?.seq ?? 0;
    const told = stopped.records([
      { type: 'KillSwitchDecided', environment: 'prod', intent: trip, outcome: { kind: 'accepted', requestId: null } },
    ]);
    expect(lines(told, begun?.id)).toContain(
      'SageMaker is told to undo the change that was under way; its old fleet still stands',
    );
    expect(status(told.state).text).toContain('SageMaker is told to undo it');
  });
});

describe('a change that nothing guards', () => {
  const plain = story().promotes(1).begins(2).to('prod').sends('prod');

  test('is taken back only after its end, and the question says so', () => {
    expect(buttons(plain)[0]?.[2]).toMatch(/^prod goes back to version 1 and is held\. The running update ends first/);
    expect(line(plain, 'Shift')).toBeUndefined();
    expect(line(plain, 'SageMaker cannot')).toBeUndefined();
    const stopped = plain.tells(approver, rollback('prod'));
    expect(lines(stopped, stopped.state.environments.prod.rollback?.id)).toContain(
      'The change that was under way cannot be undone: it runs to its end, and then prod goes back',
    );
  });

  test('of the first version has nothing to go back to, so there is no button', () => {
    expect(buttons(story().begins(1).to('prod').sends('prod'))).toEqual([]);
  });
});

describe('the gate', () => {
  const gate = story().promotes(1).begins(2, { strategy: canary }).to('gate');

  test('says how traffic would be shifted, what takes it back, what both fleets cost and how long a rollback takes', () => {
    expect(line(gate, 'Change')).toBe('Change 10 % for 10 minutes, then all; the old fleet is kept 30 minutes more');
    expect(line(gate, 'Taken back')).toBe('Taken back by more than 1 % errors, p95 above 200 ms or a rollback');
    expect(line(gate, 'Both fleets')).toMatch(/^Both fleets billed for 40 minutes .*: 0\.1533 USD or more on top$/);
    expect(line(gate, 'Takes')).toBe('Takes not known: prod was not changed like this yet');
    expect(line(gate, 'A rollback')).toBe(
      'A rollback returns to version 1: no instance starts while the old fleet stands; afterwards a new fleet starts, which takes minutes',
    );
  });

  test('says why SageMaker would guard nothing, and that a demanded guard is missing', () => {
    const first = story()
      .begins(1, { strategy: { ...canary, required: true } })
      .to('gate');
    expect(line(first, 'Change')).toBe(
      'Change the endpoint of prod is created; no guardrail, because there is nothing in prod yet to go back to',
    );
    expect(line(first, 'Not possible')).toBeUndefined();
    expect(line(story().promotes(1).begins(2).to('gate'), 'Change')).toBe(
      'Change all traffic at once; no guardrail, because titanic.yml asks for none',
    );
  });

  test('does not promise a guard where prod was adopted, whose variant the record does not know', () => {
    const endpointName = 'titanic-survival-prod';
    const target = { ...story().promotes(1).state.environments.prod.stack[0], rolloutId: null };
    const adopted = story().records([
      {
        type: 'EndpointAdopted',
        environment: 'prod',
        endpointName,
        arn: 'arn',
        target: {
          configName: 'theirs',
          modelName: null,
          packageArn: null,
          version: null,
          imageDigest: null,
          ...target,
          rolloutId: null,
        },
        reason: { code: 'endpoint-adopted', params: { endpoint: endpointName } },
      },
    ]);
    expect(line(adopted.begins(2, { strategy: canary }).to('gate'), 'Guardrail')).toMatch(
      /^Guardrail not certain: prod was adopted/,
    );
  });
});

describe('a step that measures', () => {
  test('says since when it runs, and how long it usually takes where a moment would say too little', () => {
    expect(line(story().begins(1).to('testing'), 'Since')).toMatch(/; how long it takes is not known yet$/);
    const quick = story().promotes(1).begins(2).to('testing');
    expect(line(quick, 'Since')).toMatch(/^Since .* UTC, usually takes 2 s \(as the last one did\)$/);
    const slow = story().begins(1).to('testing').later(600_000).to('ended').begins(2).to('testing');
    expect(line(slow, 'Since')).toMatch(/^Since .* UTC, usually over by .* UTC \(as the last one did\)$/);
  });
});

describe('a rollout that is over', () => {
  test('goes on telling what prod ran and measured then, whatever it runs later', () => {
    const told = story().promotes(1).promotes(2);
    const second = told.subject;
    const later = told.promotes(3).promotes(4);
    expect(line(later, 'Model', second)).toBe('Model version 1 → version 2');
    const numbers = ({ blocks }: { readonly blocks: readonly object[] }) => blocks.slice(2, 4);
    expect(numbers(rendered(later, second))).toEqual(numbers(rendered(told)));
    expect(JSON.stringify(numbers(rendered(told)))).toContain('data_visualization');
  });

  test('offers the way back while prod runs it, and no longer', () => {
    const told = story().promotes(1).promotes(2);
    expect(buttons(told).map(([text, says]) => [text, says])).toEqual([
      ['Roll back prod', 'rollback prod --to 1 --service survival'],
    ]);
    expect(buttons(told.promotes(3), told.subject)).toEqual([]);
  });

  test('offers to try the same version again until somebody does, and to compare prod with the record', () => {
    const told = story().promotes(1).begins(2).to('prod').sends('prod');
    const id = told.subject;
    const back = told.tells(approver, rollback('prod'));
    expect(buttons(back, id).map(([text, says]) => [text, says])).toEqual([
      ['Deploy version 2 again', 'deploy staging --model 2 --service survival'],
      ['Verify', 'verify --service survival'],
      ['Unlock prod', `unlock prod --service survival -- looked into ${back.state.environments.prod.rollback?.id}`],
    ]);
    const locked = back.tells(operator, lock('prod', 3_600, 'an audit'));
    expect(buttons(locked, id).map(([text]) => text)).not.toContain('Unlock prod');
    const again = back.begins(2);
    expect(buttons(again, id).map(([text]) => text)).not.toContain('Deploy version 2 again');
    for (const [, says] of buttons(back, id)) expect(parseCommand(String(says)).verb).not.toBe('usage-problem');
  });
});
