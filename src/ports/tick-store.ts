/** Which replica does what a clock started: one for each tick, whoever is first. */
export interface TickStore {
  /** True for exactly one caller of a service, job and instant. Throws when the answer is unclear: then nobody should act on it. */
  claimTick(service: string, job: string, instant: string): Promise<boolean>;
}
