/** What should wake or tell somebody, as Prometheus expressions over metrics that `/metrics` really has. */
export interface Alarm {
  readonly name: string;
  readonly expression: string;
  /** How long it must hold. */
  readonly forMinutes: number;
  readonly means: string;
  readonly todo: string;
}

/** The same where CloudWatch reads the bot's log: named behind the prefix, as infra/modules/bot makes them. */
export const CLOUDWATCH_ALARMS: readonly Omit<Alarm, 'expression' | 'forMinutes'>[] = [
  {
    name: 'bot-not-ready',
    means:
      'For five minutes no bot has said that it is ready, or none has said anything. In Socket Mode nothing else shows that no socket is open.',
    todo: 'Read the last lines `pulse` of the log: `trouble` says why. `no-socket`: the app token, or no way out for web sockets. `slack-unknown`: the bot token, or Slack is away. `table-unusable`: the table or the permission; `titanic doctor`. No line at all: does a task run? The command line works without a bot.',
  },
  {
    name: 'bot-intent-open',
    means: 'As TitanicIntentOpen: a call that changes an endpoint has had no outcome for five minutes.',
    todo: 'Does a task run, and can it describe the endpoint? `titanic verify --live` shows what is there. Until the call is decided nothing else changes that endpoint, a rollback included.',
  },
  {
    name: 'bot-announcer-behind',
    means: 'As TitanicAnnouncerBehind: the channel does not show what the record says.',
    todo: 'Decide by `/titanic status`, not by the cards. `channel-untold` in the lines `pulse` means that the bot cannot write to the channel: invite it again.',
  },
  {
    name: 'bot-record-unreadable',
    means: 'The record could not be read more than five times in five minutes, so nothing is decided.',
    todo: 'Check the table, its throttling and the task role: `titanic doctor`.',
  },
  {
    name: 'bot-outcome-unrecorded',
    means:
      'SageMaker answered a call, and the answer could not be written down. It is decided by looking, 120 s later.',
    todo: 'Nothing, if it happens once. Otherwise as for bot-record-unreadable.',
  },
  {
    name: 'bot-slack-unreachable',
    means: 'A socket could not be opened more than five times in five minutes, or Slack refuses the app token.',
    todo: 'See https://slack-status.com; then the app token and the way out of the subnets.',
  },
  {
    name: 'bot-errors',
    means: 'The bot logged an error: something that it did not expect, or a record that is not whole.',
    todo: 'Read the line; of a record that is not whole see `record-broken` below.',
  },
  {
    name: 'bot-not-running',
    means: 'ECS has had no running task for three minutes.',
    todo: 'Why did the last one stop (ECS, stopped tasks)? An image that does not start, a secret without a value, no memory. A release that does not become healthy goes back by itself.',
  },
  {
    name: 'bot-not-answering',
    means: 'Over HTTP: no task answers its load balancer, so what people press in Slack is lost.',
    todo: 'As for bot-not-running; then the security groups and the certificate.',
  },
];

export const ALARMS: readonly Alarm[] = [
  {
    name: 'TitanicIntentOpen',
    expression: 'max by (service) (titanic_oldest_open_intent_seconds) > 300',
    forMinutes: 1,
    means:
      'A call that changes an endpoint has had no outcome for five minutes. It is decided by a look 120 s after a replica has first seen it, so either no replica runs or SageMaker cannot be described.',
    todo: 'Is a replica up (`/readyz`)? Does `titanic status` read SageMaker? Until the call is decided nothing else changes that endpoint, a rollback included.',
  },
  {
    name: 'TitanicRecordNotRead',
    expression: 'sum by (service) (rate(titanic_record_loads_total[5m])) == 0 or absent(titanic_record_loads_total)',
    forMinutes: 5,
    means:
      'No replica reads the record of a service, which each does every few seconds even at rest. Nothing is carried out.',
    todo: 'Is a replica up (`/healthz`)? Read the logs for "the record could not be read"; check the table and the credentials with `titanic doctor`.',
  },
  {
    name: 'TitanicAwsFails',
    expression:
      'sum(rate(titanic_aws_call_seconds_count{outcome!="ok"}[10m])) / sum(rate(titanic_aws_call_seconds_count[10m])) > 0.2',
    forMinutes: 10,
    means: 'A fifth of the calls to AWS is refused or gets no clear answer.',
    todo: 'Split by `operation`: refused means permissions or quotas (compare with infra/), failed means the network or AWS itself. Rollouts wait meanwhile; nothing is taken for good or bad.',
  },
  {
    name: 'TitanicSlackFails',
    expression:
      'sum(rate(titanic_slack_call_seconds_count{outcome="failed"}[10m])) / sum(rate(titanic_slack_call_seconds_count[10m])) > 0.2',
    forMinutes: 10,
    means: "A fifth of the calls to Slack's Web API gets no answer.",
    todo: 'See https://slack-status.com. Promotions wait for readable groups; a rollback works by the membership as last known, and on the command line without Slack.',
  },
  {
    name: 'TitanicAnnouncerBehind',
    expression: 'min by (service) (titanic_announcer_behind_entries) > 20',
    forMinutes: 10,
    means: 'The channel does not show what the record says.',
    todo: 'Decide by `/titanic status` or `titanic status`, not by the cards. Look for rate limits and for the bot having been removed from the channel.',
  },
  {
    name: 'TitanicSlackSocketGone',
    expression: 'max(titanic_slack_sockets) == 0',
    forMinutes: 5,
    means:
      'No replica has a socket open (Socket Mode): commands and presses do not arrive. In HTTP mode leave this out.',
    todo: 'Check the app token and that the network lets web sockets out. The command line works all the same.',
  },
  {
    name: 'TitanicGateWaits',
    expression: 'max by (service) (titanic_state_seconds{state=~"gate|model-approval"}) > 28800',
    forMinutes: 5,
    means: 'A rollout or a model package has waited for approvers for eight hours.',
    todo: 'Remind the approvers; the card in the channel has the buttons. It expires by itself.',
  },
  {
    name: 'TitanicStuck',
    expression:
      'max by (service, state) (titanic_state_seconds{state=~"staging|testing|prod|verifying|rolling-back|cleanup"}) > 10800',
    forMinutes: 5,
    means: 'Something has been under way for three hours, longer than any deadline.',
    todo: '`titanic status` says what it waits for; the reason code below says what to do.',
  },
  {
    name: 'TitanicEventLoopSlow',
    expression: 'max(nodejs_eventloop_lag_p99_seconds) > 0.5',
    forMinutes: 10,
    means: 'The process cannot keep up; acknowledgements to Slack may come later than its three seconds.',
    todo: 'Give it more CPU. Smoke runs measure their own lateness and become inconclusive rather than wrong.',
  },
];
