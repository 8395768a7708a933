import type { Facts } from './facts.ts';
import type { RecordIndex, Said } from './record-index.ts';

/**
 * A worse fleet does not stay because nobody was there, and is not put off for ever by somebody who is. `forgottenMs`:
 * how long after its countdown began it may still be there, freezes and outages included.
 */
export function checkCountdowns({ violations, nowMs }: Facts, index: RecordIndex, forgottenMs: number): void {
  const snoozes = index.all('AutoRollbackSnoozed');
  for (const countdown of index.all('AutoRollbackScheduled')) {
    const { deployment } = countdown.event;
    const where = `${index.service}#${countdown.seq}`;
    const first = (type: 'DeploymentAbortMarked' | 'DeploymentSucceeded' | 'DeploymentFailed'): number =>
      seqOf(
        index.all(type).filter((s) => s.event.deployment === deployment),
        countdown.seq,
      );
    const recovered = index
      .all('FleetsCompared')
      .filter((s) => s.event.deployment === deployment && s.event.verdict !== 'worse');
    const answeredFor = snoozes.filter((s) => s.event.deployment === deployment);
    if (answeredFor.length > 1) violations.add('snoozed-twice', where);
    const succeeded = first('DeploymentSucceeded');
    const over = Math.min(
      first('DeploymentAbortMarked'),
      first('DeploymentFailed'),
      seqOf(recovered, countdown.seq),
      seqOf(answeredFor, countdown.seq),
    );
    if (succeeded < over) violations.add('worse-fleet-promoted', where);
    const stays = Math.min(succeeded, over) === Number.POSITIVE_INFINITY;
    if (stays && nowMs() - countdown.atMs > forgottenMs) violations.add('countdown-forgotten', where);
  }
}

/** Of the first after an entry; Infinity: there is none. */
function seqOf(said: readonly Pick<Said<'HoldPlaced'>, 'seq'>[], after: number): number {
  return Math.min(...said.map(({ seq }) => seq).filter((seq) => seq > after), Number.POSITIVE_INFINITY);
}
