import type { Button } from './block.ts';
import { ACTIONS } from './ids.ts';

/** What somebody is to titanic; who may do what is decided anew whenever they do it. */
export interface Roles {
  readonly approver: boolean;
  readonly operator: boolean;
}

/** What somebody may begin with a service. Each opens a form. */
export function doingButtons(service: string, { approver, operator }: Roles): readonly Button[] {
  const rollback: Button = { actionId: ACTIONS.openRollback, text: 'Roll back…', value: service };
  if (!operator) return approver ? [rollback] : [];
  return [
    { actionId: ACTIONS.openDeploy, text: 'Deploy…', value: service, style: 'primary' },
    rollback,
    { actionId: ACTIONS.openLock, text: 'Lock…', value: service },
  ];
}
