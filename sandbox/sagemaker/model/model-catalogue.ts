/** Which model data behaves how: stands for the contents of the archives that the registry points to. */

export const behaviours = [
  /** Fitted on class and sex. */
  'class-sex',
  /** Fitted on class, sex and whether the passenger was a child. */
  'class-sex-age',
  /** Fitted with the labels swapped: it answers, quickly and wrongly. */
  'wrong',
  /** Right, but slow. */
  'slow',
  /** Never answers its ping, so no fleet of it comes into service. */
  'crash',
  /** Comes into service, and fails every request. */
  'error',
] as const;

export type Behaviour = (typeof behaviours)[number];

export interface ModelCatalogue {
  /** `undefined`: there is no such model data. */
  behaviourOf(modelDataUrl: string): Behaviour | undefined;
}

/** A catalogue of single URLs. Besides them, `s3://titanic-models/<behaviour>/…` is always there, for trying out. */
export function modelCatalogue(entries: Readonly<Record<string, Behaviour>>): ModelCatalogue {
  const byUrl = new Map(Object.entries(entries));
  return {
    behaviourOf(modelDataUrl) {
      const folder = /^s3:\/\/titanic-models\/([a-z-]+)\//.exec(modelDataUrl)?.[1];
      return byUrl.get(modelDataUrl) ?? behaviours.find((behaviour) => behaviour === folder);
    },
  };
}

/** Where the model data of a version of the seeded `titanic-survival` group lies. */
export function survivalDataUrl(version: number): string {
  return `s3://titanic-models/survival/${version}/model.tar.gz`;
}

/** The catalogue of the seeded group: a first model, one with swapped labels, and one that knows about age. */
export const survivalCatalogue: ModelCatalogue = modelCatalogue({
  [survivalDataUrl(1)]: 'class-sex',
  [survivalDataUrl(2)]: 'wrong',
  [survivalDataUrl(3)]: 'class-sex-age',
  [survivalDataUrl(4)]: 'class-sex-age',
});
