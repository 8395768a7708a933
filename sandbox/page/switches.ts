import type { FaultRequest } from '../sagemaker/faults.ts';
import type { Sandbox } from '../start-sandbox.ts';
import type { PageSwitch } from './wire.ts';

interface SageMakerSwitch {
  readonly group: PageSwitch['group'];
  readonly label: string;
  readonly explains: string;
  readonly fault: FaultRequest;
}

/** What the page can break at SageMaker. Each is one fault of the emulator, in force until it is switched off. */
const SAGEMAKER: Readonly<Record<string, SageMakerSwitch>> = {
  failHealthCheck: {
    group: 'SageMaker',
    label: 'Health check fails',
    explains: 'New instances never answer their ping: an update is undone, a new endpoint ends Failed.',
    fault: { kind: 'failHealthCheck' },
  },
  silentRollback: {
    group: 'SageMaker',
    label: 'Goes back silently',
    explains: 'An update is undone, no reason is given, and the endpoint says InService.',
    fault: { kind: 'silentRollback', reason: '' },
  },
  throttle: {
    group: 'SageMaker',
    label: 'Throttles',
    explains: 'Every other call is answered with ThrottlingException.',
    fault: { kind: 'throttle', rate: 0.5 },
  },
  quota: {
    group: 'SageMaker',
    label: 'Quota used up',
    explains: 'Changes of endpoints are refused with ResourceLimitExceeded.',
    fault: { kind: 'quota', limit: 2 },
  },
  slowModel: {
    group: 'The model',
    label: 'Slow model',
    explains: 'Every answer takes 600 ms longer.',
    fault: { kind: 'slowModel', ms: 600 },
  },
  wrongModel: {
    group: 'The model',
    label: 'Wrong model',
    explains: 'Answers come with the labels swapped.',
    fault: { kind: 'wrongModel' },
  },
  modelError: {
    group: 'The model',
    label: 'Failing model',
    explains: 'A quarter of the requests fail inside the container.',
    fault: { kind: 'modelError', rate: 0.25 },
  },
};

const SLACK_AWAY = 'slackAway';

/** All switches as they stand. */
export async function readSwitches({ sagemaker, slack }: Sandbox): Promise<readonly PageSwitch[]> {
  const faults = await sagemaker.control.faults();
  const { away } = await slack.control.workspace();
  const ofSageMaker = Object.entries(SAGEMAKER).map(([id, { group, label, explains, fault }]) => {
    const active = faults.filter(({ kind }) => kind === fault.kind);
    const struck = active.length === 0 ? null : active.reduce((sum, one) => sum + one.struck, 0);
    return { id, group, label, explains, on: active.length > 0, struck };
  });
  const slackAway: PageSwitch = {
    id: SLACK_AWAY,
    group: 'Slack',
    label: 'Slack is away',
    explains: 'Every API call answers 503, sockets are cut, nobody can press anything.',
    on: away,
    struck: null,
  };
  return [...ofSageMaker, slackAway];
}

/** Answers false when there is no such switch. */
export async function turnSwitch({ sagemaker, slack }: Sandbox, id: string, on: boolean): Promise<boolean> {
  if (id === SLACK_AWAY) {
    await slack.control.setAway({ away: on });
    return true;
  }
  const known = Object.hasOwn(SAGEMAKER, id) ? SAGEMAKER[id] : undefined;
  if (known === undefined) return false;
  await sagemaker.control.clearFaults({ kind: known.fault.kind });
  if (on) await sagemaker.control.setFault(known.fault);
  return true;
}
