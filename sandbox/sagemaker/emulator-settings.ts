import { type Account, sandboxAccount } from './account.ts';
import { type ModelCatalogue, survivalCatalogue } from './model/model-catalogue.ts';

/** How long things take at speed 1, in milliseconds. */
export interface Durations {
  readonly createMs: number;
  readonly updateMs: number;
  /** A change of weights alone. */
  readonly weightsMs: number;
  /** A change of instance counts. */
  readonly scaleMs: number;
  /** From an alarm that turns an update back to the traffic that is on the old fleet again. */
  readonly goBackMs: number;
  readonly deleteMs: number;
  /** How long SageMaker keeps trying a container that never answers its ping. */
  readonly failedHealthCheckMs: number;
  readonly systemUpdateMs: number;
}

const minutesInMs = (minutes: number) => minutes * 60_000;

/** Close to what people measured on AWS, on the quick side. */
export const realisticDurations: Durations = {
  createMs: minutesInMs(4),
  updateMs: minutesInMs(6),
  weightsMs: 20_000,
  scaleMs: minutesInMs(3),
  goBackMs: 15_000,
  deleteMs: 20_000,
  failedHealthCheckMs: minutesInMs(24),
  systemUpdateMs: minutesInMs(5),
};

export interface EmulatorSettings {
  readonly account: Account;
  readonly durations: Durations;
  /** Whether LastModifiedTime moves again when a change ends. AWS does not say. */
  readonly lastModifiedOnCompletion: boolean;
  /** Instances per type that the account may run. */
  readonly instanceQuota: number;
  /** Quotas of single instance types. */
  readonly instanceQuotas: Readonly<Record<string, number>>;
  readonly catalogue: ModelCatalogue;
}

export const defaultSettings: EmulatorSettings = {
  account: sandboxAccount,
  durations: realisticDurations,
  lastModifiedOnCompletion: true,
  instanceQuota: 100,
  instanceQuotas: {},
  catalogue: survivalCatalogue,
};
