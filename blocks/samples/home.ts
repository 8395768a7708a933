import type { Rendered } from '../../src/ports/channel.ts';
import type { VerificationSeen } from '../../src/ports/verification-store.ts';
import type { Standing } from '../../src/rollout/input.ts';
import { known, unknown } from '../../src/rollout/observation.ts';
import { initialState, type ServiceState } from '../../src/rollout/state.ts';
import { deployModal, leaveModal, lockModal, reviewModal, rollbackModal, snoozeModal } from '../forms.ts';
import { home } from '../home.ts';
import { rolloutStatus, severalStatus } from '../mention-answer.ts';
import { menu } from '../menu.ts';
import type { Modal } from '../modal.ts';
import { rejectModal, rejectModelModal } from '../reject-modal.ts';
import { atRest, PRICES } from './costs.ts';
import { busy, freeze } from './lists.ts';
import { plan, question } from './others.ts';
import { AT, LATER, rollouts } from './parts.ts';
import { sample } from './sentences.ts';

const NOW_MS = Date.parse(AT) + 60_000;
const fine = { ok: 9, different: 0, unknown: 0 };
const VERIFIED: VerificationSeen = {
  at: LATER,
  environments: { staging: fine, prod: { ok: 7, different: 2, unknown: 0 } },
  service: { ok: 1, different: 0, unknown: 0 },
};
const COST = { cost: atRest.services[0] ?? { service: 'survival', environments: [] }, prices: PRICES };
/** One of each that waits for an approver. */
const waiting: ServiceState = { ...busy, approvals: [question], cleanup: { ...plan, by: 'U0BOTH' } };

const member = (roles: { readonly approver?: boolean; readonly operator?: boolean }): Standing => ({
  kind: 'member',
  approver: false,
  operator: false,
  lastKnown: false,
  ...roles,
});

function homeOf(standing: Standing, state: ServiceState = waiting): Rendered {
  const service = { service: state.service, state: known(state), freeze: null, verified: known(VERIFIED), cost: COST };
  return { text: '', blocks: home({ person: 'U0ADAM', standing, services: [service], nowMs: NOW_MS }).blocks };
}

function homeUnread(): Rendered {
  const service = {
    service: 'survival',
    state: unknown('no reply'),
    freeze,
    verified: unknown('no reply'),
    cost: null,
  };
  const of = { person: 'U0ADAM', standing: member({ operator: true }), services: [service], nowMs: NOW_MS };
  return { text: '', blocks: home(of).blocks };
}

type Titled = readonly (readonly [title: string, shown: Rendered])[];

export const HOMES: Titled = [
  ['of an approver', homeOf(member({ approver: true }))],
  ['of an operator', homeOf(member({ operator: true }))],
  ['of both, nothing was deployed yet', homeOf(member({ approver: true, operator: true }), initialState('survival'))],
  ['of somebody without a role', homeOf(member({}))],
  ['of a guest', homeOf({ kind: 'refused', reason: sample('not-a-member') })],
  ['the groups cannot be read', homeOf({ kind: 'unreadable', why: 'internal_error' })],
  ['the record cannot be read', homeUnread()],
];

function menuOf(standing: Standing, services: readonly string[] = ['survival'], states = [waiting]): Rendered {
  return menu({ person: 'U0ADAM', standing, services, states, nowMs: NOW_MS });
}

export const MENUS: Titled = [
  ['of an operator, nothing waits', menuOf(member({ operator: true }))],
  ['of an approver, with what waits', menuOf(member({ approver: true }))],
  ['with several services', menuOf(member({ operator: true }), ['survival', 'fares'])],
  ['the groups cannot be read', menuOf({ kind: 'unreadable', why: 'internal_error' })],
];

export const MENTIONS: Titled = [
  ['in the thread of a rollout', rolloutStatus(busy, rollouts.gate.id)],
  ['in the thread of one that ended', rolloutStatus(busy, 'survival-12')],
  ['in the thread of a rollback', rolloutStatus(busy, 'survival-70')],
  ['elsewhere, with several services', severalStatus([busy, initialState('fares')], 1)],
];

const ways = [
  { environment: 'staging', from: 'version 7', to: null },
  { environment: 'prod', from: 'version 7', to: 'version 6' },
] as const;

export const FORMS: readonly (readonly [title: string, shown: Modal])[] = [
  ['to deploy', deployModal('survival', '')],
  ['to roll back', rollbackModal('survival', '')],
  ['to leave a version', leaveModal({ id: 'survival-42', kind: 'rollout', environments: ways }, '')],
  ['to lock', lockModal('survival', '')],
  ['to sign off', reviewModal('survival-42', '')],
  ['to put a rollback off', snoozeModal('survival-42', '')],
  ['to reject a rollout', rejectModal('survival-42', '')],
  ['to reject a model', rejectModelModal('survival-55', '')],
];
