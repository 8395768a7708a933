import { fitLogistic, type Observation, probabilityOf } from './fit-logistic.ts';
import type { Passenger } from './read-passengers.ts';
import { type Group, type PassengerClass, type Sex, survivalTable } from './survival-table.ts';

export type FeatureSet = 'class-sex' | 'class-sex-age';

/**
 * Who counts as a child. The published table has only "child" and "adult" and the model takes an age in years, so this
 * limit is ours: younger than 13. A passenger without an age counts as an adult.
 */
export const CHILD_UNDER_YEARS = 13;

export interface SurvivalModel {
  readonly featureSet: FeatureSet;
  /** Intercept, second, third, crew, male and, where age counts, child. */
  readonly coefficients: readonly number[];
  /** The probability of survival, 0 to 1. */
  predict(passenger: Passenger): number;
  /** The share of the 2,201 people that the model gets right when it says "survived" from 0.5 up. */
  readonly accuracy: number;
  /** The mean of the squared error over the 2,201 people (the Brier score). */
  readonly brierScore: number;
}

/** The table as the fit sees it; groups nobody was in are left out. */
export function observationsOf(featureSet: FeatureSet): Observation[] {
  return survivalTable
    .filter((group) => group.died + group.survived > 0)
    .map((group) => ({
      features: featuresOf(featureSet, group.passengerClass, group.sex, group.child),
      trials: group.died + group.survived,
      successes: group.survived,
    }));
}

/** Fits a model on the table; takes well under a millisecond per step, so it is done at every start. */
export function fitSurvivalModel(featureSet: FeatureSet): SurvivalModel {
  const coefficients = fitLogistic(observationsOf(featureSet));
  const probability = (passengerClass: PassengerClass, sex: Sex, child: boolean) =>
    probabilityOf(coefficients, featuresOf(featureSet, passengerClass, sex, child));
  const ofGroup = (group: Group) => probability(group.passengerClass, group.sex, group.child);
  return {
    featureSet,
    coefficients,
    predict: ({ passengerClass, sex, ageYears }) =>
      probability(passengerClass, sex, ageYears !== undefined && ageYears < CHILD_UNDER_YEARS),
    accuracy: meanOverPeople((group) => (ofGroup(group) >= 0.5 ? { died: 0, survived: 1 } : { died: 1, survived: 0 })),
    brierScore: meanOverPeople((group) => ({ died: ofGroup(group) ** 2, survived: (1 - ofGroup(group)) ** 2 })),
  };
}

function featuresOf(featureSet: FeatureSet, passengerClass: PassengerClass, sex: Sex, child: boolean): number[] {
  const flag = (yes: boolean) => (yes ? 1 : 0);
  const features = [
    1,
    flag(passengerClass === 'second'),
    flag(passengerClass === 'third'),
    flag(passengerClass === 'crew'),
    flag(sex === 'male'),
  ];
  return featureSet === 'class-sex' ? features : [...features, flag(child)];
}

function meanOverPeople(scoreOf: (group: Group) => { died: number; survived: number }): number {
  let people = 0;
  let sum = 0;
  for (const group of survivalTable) {
    const score = scoreOf(group);
    people += group.died + group.survived;
    sum += group.died * score.died + group.survived * score.survived;
  }
  return sum / people;
}
