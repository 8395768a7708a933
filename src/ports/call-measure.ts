/** Counts calls to one of the services that titanic stands on. `refused`: a definite no; `failed`: no clear answer. */
export interface CallMeasure {
  called(operation: string, outcome: 'ok' | 'refused' | 'failed', ms: number): void;
}
