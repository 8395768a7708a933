/** How many questions the model is asked at once. There is no queue: what does not fit is told so at once. */
export interface InFlight {
  count(): number;
  isFull(): boolean;
  /** False: full. Whoever got true calls `leave` exactly once. */
  enter(): boolean;
  leave(): void;
}

export function createInFlight(max: number): InFlight {
  let count = 0;
  return {
    count: () => count,
    isFull: () => count >= max,
    enter() {
      if (count >= max) return false;
      count += 1;
      return true;
    },
    leave() {
      count -= 1;
    },
  };
}
