import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answer } from '../../blocks/answer.ts';
import { evidenceTable } from '../../blocks/evidence-table.ts';
import { deployModal, leaveModal, lockModal, reviewModal, rollbackModal, snoozeModal } from '../../blocks/forms.ts';
import { help, usageProblem } from '../../blocks/help.ts';
import { history } from '../../blocks/history.ts';
import { home } from '../../blocks/home.ts';
import { cut, LIMITS } from '../../blocks/limits.ts';
import { rolloutStatus, severalStatus } from '../../blocks/mention-answer.ts';
import { menu } from '../../blocks/menu.ts';
import { models } from '../../blocks/models.ts';
import { oldCard } from '../../blocks/old-card.ts';
import { chooseService, stillWorking, troubled, unknownControl } from '../../blocks/refusal.ts';
import { rejectModal } from '../../blocks/reject-modal.ts';
import { createRender } from '../../blocks/render.ts';
import { plan, question } from '../../blocks/samples/others.ts';
import {
  AT,
  changeOf,
  hold,
  LATER,
  rollback,
  rollbackCardOf,
  rolloutCardOf,
  rollouts,
  smokeResult,
  target,
} from '../../blocks/samples/parts.ts';
import { answerModal, workingModal } from '../../blocks/shown-modal.ts';
import { status } from '../../blocks/status.ts';
import { countedCharacters, validateBlocks } from '../../sandbox/slack/blocks/validate-blocks.ts';
import { isViewTooLarge, validateView } from '../../sandbox/slack/blocks/validate-view.ts';
import { isJsonObject, objectsOf } from '../../sandbox/slack/json.ts';
import type { Rendered } from '../../src/ports/channel.ts';
import type { Entry, Event } from '../../src/rollout/events.ts';
import { known, unknown } from '../../src/rollout/observation.ts';
import { REASON_CODES, reason } from '../../src/rollout/reasons.ts';
import { initialState, type Rollout, type ServiceState } from '../../src/rollout/state.ts';
import { worstFacts, worstGuard } from '../support/worst-facts.ts';

const { card, line } = createRender({
  approversMention: '<!subteam^S0APPROVERS>',
  services: ['survival'],
  prices: { currency: 'USD', perInstanceHour: { 'ml.m5.large': 0.115 } },
});

/** Everything that Slack would refuse. */
function problems(rendered: Rendered): unknown {
  const blocks = JSON.parse(JSON.stringify(rendered.blocks));
  return {
    blocks: validateBlocks(blocks, 'message'),
    tooMuch: countedCharacters(objectsOf(blocks)) > LIMITS.messageBlocksText,
    text: rendered.text.length === 0 || rendered.text.length > LIMITS.messageText,
  };
}

const FINE = { blocks: [], tooMuch: false, text: false };

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6000 }),
  fc.constantFrom(
    '<!channel>',
    '&'.repeat(5000),
    '<'.repeat(5000),
    '\u202e\u2066abc',
    '😀'.repeat(3000),
    '',
    ' ',
    '\u0000',
    'U0ALICE',
    `until ${LATER}`,
    '`*_~',
  ),
);

function entry(events: readonly Event[], text: string): Entry {
  return {
    seq: 50,
    at: AT,
    rolloutId: 'survival-42',
    actor: { kind: 'person', id: 'U0ALICE', via: 'slack' },
    reason: reason('manual', { reason: text }),
    commandKey: null,
    events,
    writer: 'w',
    nonce: 'n',
    prevHash: '',
    hash: 'f'.repeat(64),
  };
}

/** Everything that a state may hold of what waits, runs and ended, with outside text wherever there is some. */
function worstState(text: string): ServiceState {
  const many = <T>(one: T, count = 30): T[] => Array.from({ length: count }, () => one);
  const live = Object.values(rollouts).flatMap((one) =>
    one.status === 'ended'
      ? []
      : [{ ...one, note: text, requester: text, waiting: reason('manual', { reason: text }) }],
  );
  const ended = Object.values(rollouts).flatMap((one) =>
    one.status === 'ended' ? [{ ...one, note: text, requester: text }] : [],
  );
  const environment = {
    ...initialState('survival').environments.prod,
    stack: [{ ...target(6), version: null, configName: text }],
    holds: many({ ...hold, reason: text }),
    rollback: { ...rollback, ended: null, by: text, target: { ...target(6), version: null, configName: text } },
  };
  return {
    ...initialState('survival'),
    environments: { staging: environment, prod: environment },
    rollouts: many(live).flat(),
    ended: many(ended).flat(),
    endedRollbacks: [rollback],
    reviews: many({ rolloutId: 'survival-12', version: 6, by: text, reason: text, at: AT }),
    approvals: many({ ...question, requester: text, note: text }),
    cleanup: { ...plan, by: text },
  };
}

function modalProblems(modal: object): unknown {
  const plain: unknown = JSON.parse(JSON.stringify(modal));
  return [...validateView(plain, 'modal'), ...(isViewTooLarge(plain) ? ['too large'] : [])];
}

describe('what the builders make is always taken by Slack', () => {
  it.each(Object.values(rollouts))('the card of a rollout that is $status', (rollout) => {
    expect(problems(card(rolloutCardOf(rollout)))).toEqual(FINE);
  });

  it('the worst of rollouts', () => {
    fc.assert(
      fc.property(
        nasty,
        fc.constantFrom(...Object.values(rollouts)),
        fc.constantFrom(...REASON_CODES),
        (text, given, code) => {
          const params = Object.fromEntries(
            ['why', 'words', 'by', 'reason', 'rollout', 'findings', 'at'].map((n) => [n, text]),
          );
          const worst = smokeResult({
            verdict: 'failed',
            why: text,
            findings: Array.from({ length: 30 }, () => ({ check: text, measured: text, threshold: text, ok: false })),
            cases: Array.from({ length: 30 }, () => ({ name: text, ok: false, why: text })),
          });
          const rollout: Rollout = {
            ...given,
            note: text,
            waiting: reason(code, params),
            smoke: { ...worst, lastModified: AT, finishedAt: AT, finishedSeq: 1 },
            prodCheck: worst,
            about: { model: worstFacts(text), beside: worstFacts(text) },
          };
          const holds = Array.from({ length: 30 }, () => ({ ...hold, reason: text }));
          const rendered = card(
            rolloutCardOf(rollout, {
              doing: changeOf({
                environment: 'prod',
                words: text,
                overdue: true,
                openCall: true,
                guard: worstGuard(text),
              }),
              guardrail: { on: true, strategy: worstGuard(text).strategy },
              holds: { staging: holds, prod: holds },
              goesBack: {
                id: 'survival-70',
                environment: 'prod',
                holds: true,
                target: { ...target(6), version: null, configName: text },
              },
              recreateOffered: text.length % 2 === 0,
            }),
          );
          expect(problems(rendered)).toEqual(FINE);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('the worst of rollbacks, lines, answers and lists', () => {
    fc.assert(
      fc.property(nasty, fc.constantFrom(...REASON_CODES), (text, code) => {
        const params = Object.fromEntries(['why', 'words', 'by', 'reason', 'targets', 'what'].map((n) => [n, text]));
        const given = reason(code, params);
        const ended = { at: LATER, reached: false, reason: given };
        const holds = Array.from({ length: 30 }, () => ({ ...hold, reason: text }));
        expect(
          problems(
            card(
              rollbackCardOf({
                rollback: { ...rollback, reason: text, leaving: text, ended },
                holds,
                doing: changeOf({ environment: 'prod', words: text, guard: worstGuard(text) }),
                undone: changeOf({ environment: 'prod', words: text, stopped: true, guard: worstGuard(text) }),
                unlockOffered: true,
                recreateOffered: true,
              }),
            ),
          ),
        ).toEqual(FINE);
        const gateCard = rolloutCardOf(rollouts.gate);
        const events: Event[] = Array.from({ length: 20 }, () => ({
          type: 'RolloutHeld' as const,
          rolloutId: 'survival-42',
          reason: given,
        }));
        const told = line(gateCard, entry(events, text));
        expect(told === null ? FINE : problems(told)).toEqual(FINE);
        expect(problems(answer({ kind: 'refused', reason: given, subject: null }))).toEqual(FINE);
        expect(
          problems(
            usageProblem(
              text,
              Array.from({ length: 100 }, () => text),
            ),
          ),
        ).toEqual(FINE);
        expect(problems(chooseService([text, text], text, null))).toEqual(FINE);
        const services = Array.from({ length: 130 }, (_, index) => `${'s'.repeat(50)}-${index}`);
        const asked = (service: string) => ({
          verb: 'lock' as const,
          environment: 'prod' as const,
          reason: text,
          service,
        });
        expect(problems(chooseService(services, text, asked))).toEqual(FINE);
        const entries = Array.from({ length: 300 }, () => entry(events, text));
        expect(problems(evidenceTable('survival-42', entries))).toEqual(FINE);
        const past = Object.values(rollouts).filter((one) => one.status === 'ended');
        const some = Array.from({ length: 60 }, () =>
          past.map((one) => ({ ...one, note: text, requester: text })),
        ).flat();
        const state = { ...initialState('survival'), ended: some };
        expect(problems(history(state, 500))).toEqual(FINE);
        const live = Object.values(rollouts).filter((one) => one.status !== 'ended');
        const waiting = live.map((one) => ({ ...one, requester: text, waiting: given }));
        expect(problems(status({ ...state, rollouts: waiting }))).toEqual(FINE);
        const one = {
          arn: text,
          group: text,
          version: 7,
          approval: text,
          status: text,
          description: text,
          containers: [],
          inferenceSpec: null,
        };
        expect(
          problems(
            models(
              'survival',
              Array.from({ length: 200 }, () => one),
              null,
            ),
          ),
        ).toEqual(FINE);
      }),
      { numRuns: 60 },
    );
  });

  it('the small ones', () => {
    const plain = [
      troubled('abc'),
      stillWorking(),
      unknownControl(),
      help(['status: shows']),
      oldCard('survival-42', 'https://titanic.slack.com/archives/C0TITANIC/p1'),
      oldCard('survival-42', null),
      status(initialState('survival')),
      history(initialState('survival'), 5),
      models('survival', [], null),
    ];
    expect(plain.map(problems)).toEqual(plain.map(() => FINE));
  });

  it('the worst of Homes and menus', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 1, max: 40 }), (text, count) => {
        const state = worstState(text);
        const services = Array.from({ length: count }, (_, index) => {
          const service = `${'s'.repeat(50)}-${index}`;
          return { service, state: known({ ...state, service }), freeze: null, verified: unknown(text), cost: null };
        });
        const roles = { approver: true, operator: true, lastKnown: false };
        const of = { person: 'U0ADAM', standing: { kind: 'member', ...roles }, nowMs: Date.parse(AT) } as const;
        const view: unknown = JSON.parse(JSON.stringify(home({ ...of, services })));
        expect({ problems: validateView(view, 'home'), isTooLarge: isViewTooLarge(view) }).toEqual({
          problems: [],
          isTooLarge: false,
        });
        const names = services.map(({ service }) => service);
        const states = names.map((service) => ({ ...state, service }));
        const shown = menu({ ...of, services: names, states });
        expect(problems(shown)).toEqual(FINE);
        expect(modalProblems(answerModal(shown))).toEqual([]);
        expect(problems(severalStatus(states, 3))).toEqual(FINE);
        const ids = ['survival-42', 'survival-70', 'survival-55', 'survival-80', 'survival-9'];
        for (const id of ids) expect(problems(rolloutStatus(state, id))).toEqual(FINE);
      }),
      { numRuns: 40 },
    );
  });

  it('the worst of forms', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const environments = [{ environment: 'prod', from: text, to: text }] as const;
        const forms = [
          deployModal(text, ''),
          rollbackModal(text, ''),
          lockModal(text, ''),
          reviewModal(text, ''),
          snoozeModal(text, ''),
          leaveModal({ id: text, kind: 'rollout', environments }, ''),
          workingModal(),
          answerModal({ text, blocks: [{ type: 'table' }] }),
          answerModal(troubled(text)),
        ];
        for (const form of forms) expect(modalProblems(form)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('the modal', () => {
    const modal: unknown = JSON.parse(JSON.stringify(rejectModal('survival-42', 'survival-42 C0TITANIC')));
    expect(isJsonObject(modal) && validateView(modal, 'modal')).toEqual([]);
  });
});

describe('cut', () => {
  it('says how much is left out and never exceeds the limit', () => {
    expect(cut('abcdefghij', 10)).toBe('abcdefghij');
    expect(cut('abcdefghijklmnop', 10)).toBe('abcde… +11');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 8, max: 200 }), (text, max) => {
        const short = cut(text, max);
        expect(short.length).toBeLessThanOrEqual(max);
        expect(short.isWellFormed()).toBe(true);
      }),
    );
  });
});
