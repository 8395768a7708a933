/**
 * Who was aboard the Titanic and who survived: 2,201 people, 711 survivors.
 * Source: R. J. M. Dawson, "The 'Unusual Episode' Data Revisited", Journal of Statistics Education 3(3), 1995.
 */
export type PassengerClass = 'first' | 'second' | 'third' | 'crew';
export type Sex = 'female' | 'male';

export interface Group {
  readonly passengerClass: PassengerClass;
  readonly sex: Sex;
  readonly child: boolean;
  readonly died: number;
  readonly survived: number;
}

type Cell = readonly [died: number, survived: number];

function row(passengerClass: PassengerClass, boys: Cell, men: Cell, girls: Cell, women: Cell): Group[] {
  const group = (sex: Sex, child: boolean, [died, survived]: Cell): Group => ({
    passengerClass,
    sex,
    child,
    died,
    survived,
  });
  return [
    group('male', true, boys),
    group('male', false, men),
    group('female', true, girls),
    group('female', false, women),
  ];
}

/** There were no children among the crew; those cells are empty and weigh nothing in a fit. */
export const survivalTable: readonly Group[] = [
  ...row('first', [0, 5], [118, 57], [0, 1], [4, 140]),
  ...row('second', [0, 11], [154, 14], [0, 13], [13, 80]),
  ...row('third', [35, 13], [387, 75], [17, 14], [89, 76]),
  ...row('crew', [0, 0], [670, 192], [0, 0], [3, 20]),
];
