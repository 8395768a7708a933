import type { Target } from './candidate.ts';
import type { SmokeNumbers } from './events.ts';
import type { ServiceState } from './state.ts';

/** What prod ran and how that measured, at a moment that a card goes on telling of. */
export interface ProdBefore {
  /** null: nothing. */
  readonly target: Pick<Target, 'version' | 'configName' | 'imageDigest'> | null;
  /** Of prod's last smoke run that passed; null: there was none. */
  readonly measured: { readonly numbers: SmokeNumbers; readonly passed: number; readonly cases: number } | null;
}

/** What runs in prod later is not what a rollout replaced, so that is kept. */
export function prodBefore({ environments: { prod } }: ServiceState): ProdBefore {
  const top = prod.stack.at(-1);
  const { baseline } = prod;
  return {
    target:
      top === undefined ? null : { version: top.version, configName: top.configName, imageDigest: top.imageDigest },
    measured:
      baseline === null
        ? null
        : {
            numbers: baseline.numbers,
            passed: baseline.cases.filter(({ ok }) => ok).length,
            cases: baseline.cases.length,
          },
  };
}
