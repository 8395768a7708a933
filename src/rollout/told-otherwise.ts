import type { Settings } from './input.ts';
import type { ServiceState } from './state.ts';

/**
 * Whether titanic told the Model Registry the opposite about this package so short a time ago that a look may still
 * show what was before: such a look does not count as what somebody wants having happened already.
 */
export function toldOtherwise(
  state: Pick<ServiceState, 'endedApprovals'>,
  about: { readonly packageArn: string; readonly approve: boolean },
  settings: Pick<Settings, 'times'>,
  nowMs: number,
): boolean {
  return state.endedApprovals.some(
    ({ packageArn, verdict, ended }) =>
      packageArn === about.packageArn &&
      verdict !== null &&
      verdict.approve !== about.approve &&
      ended !== null &&
      nowMs - Date.parse(ended.at) < settings.times.noTraceMs,
  );
}
