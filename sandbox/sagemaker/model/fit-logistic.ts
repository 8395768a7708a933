/** Logistic regression on grouped data by Newton's method (iteratively reweighted least squares). */

export interface Observation {
  readonly features: readonly number[];
  readonly trials: number;
  readonly successes: number;
}

/** Newton needs about six steps here; more than this means that the data have no finite fit. */
const MAX_STEPS = 50;
const CONVERGED_STEP = 1e-12;

/** The probability a coefficient vector gives to features. */
export function probabilityOf(coefficients: readonly number[], features: readonly number[]): number {
  return 1 / (1 + Math.exp(-dot(coefficients, features)));
}

/** The slope of the log-likelihood: zero in every direction at the fit. */
export function gradientAt(coefficients: readonly number[], observations: readonly Observation[]): number[] {
  return coefficients.map((_, index) =>
    observations.reduce((sum, { features, trials, successes }) => {
      const surplus = successes - trials * probabilityOf(coefficients, features);
      return sum + surplus * (features[index] ?? 0);
    }, 0),
  );
}

/** The maximum-likelihood coefficients. Throws when the iteration does not settle (separable data). */
export function fitLogistic(observations: readonly Observation[]): number[] {
  let coefficients = Array<number>(observations[0]?.features.length ?? 0).fill(0);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const change = solve(informationAt(coefficients, observations), gradientAt(coefficients, observations));
    coefficients = coefficients.map((value, index) => value + (change[index] ?? 0));
    if (Math.max(...change.map(Math.abs)) < CONVERGED_STEP) return coefficients;
  }
  throw new Error(`The logistic fit did not settle within ${MAX_STEPS} steps.`);
}

/** The curvature (Fisher information) of the log-likelihood. */
function informationAt(coefficients: readonly number[], observations: readonly Observation[]): number[][] {
  return coefficients.map((_, i) =>
    coefficients.map((__, j) =>
      observations.reduce((sum, { features, trials }) => {
        const p = probabilityOf(coefficients, features);
        return sum + trials * p * (1 - p) * (features[i] ?? 0) * (features[j] ?? 0);
      }, 0),
    ),
  );
}

/** Solves a small linear system by elimination with row pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0]);
  const size = rows.length;
  const cell = (r: number, c: number) => rows[r]?.[c] ?? 0;
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let r = column + 1; r < size; r += 1) if (Math.abs(cell(r, column)) > Math.abs(cell(pivot, column))) pivot = r;
    if (cell(pivot, column) === 0) throw new Error('The features of the logistic fit depend on one another.');
    const [pivotRow = [], otherRow = []] = [rows[pivot], rows[column]];
    rows[pivot] = otherRow;
    rows[column] = pivotRow;
    for (let r = 0; r < size; r += 1) {
      if (r === column) continue;
      const factor = cell(r, column) / cell(column, column);
      rows[r] = (rows[r] ?? []).map((value, c) => value - factor * cell(column, c));
    }
  }
  return rows.map((_, r) => cell(r, size) / cell(r, r));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
