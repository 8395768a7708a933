/**
 * The time that passes for AWS while the emulator runs at a speed of its own: at speed 60 a minute of AWS is a second.
 * CloudWatch's periods are measured by it, and instants in requests and replies are those of the real clock.
 */
export interface ClockSegment {
  readonly fromMs: number;
  readonly emulatedMs: number;
  readonly speed: number;
}

export interface EmulatedClock {
  /** The emulated instant at an instant of the real clock, milliseconds. */
  emulatedAt(atMs: number): number;
  /** The first whole millisecond of the real clock at which an emulated instant is reached. */
  realAt(emulatedMs: number): number;
  changeSpeed(atMs: number, speed: number): void;
  segments(): readonly ClockSegment[];
}

/** Far more than anybody turns the speed. */
const KEPT_SEGMENTS = 1_000;

/** Goes on after the segments of an earlier run, or begins with both clocks showing the same. */
export function createEmulatedClock(earlier: readonly ClockSegment[], nowMs: number, speed: number): EmulatedClock {
  const first: ClockSegment = { fromMs: nowMs, emulatedMs: nowMs, speed };
  let segments = earlier.length > 0 ? [...earlier] : [first];

  const segmentWhere = (holds: (segment: ClockSegment) => boolean) => segments.findLast(holds) ?? segments[0] ?? first;
  function emulatedAt(atMs: number): number {
    const segment = segmentWhere(({ fromMs }) => fromMs <= atMs);
    return segment.emulatedMs + (atMs - segment.fromMs) * segment.speed;
  }

  return {
    emulatedAt,
    realAt(emulatedMs) {
      const segment = segmentWhere((one) => one.emulatedMs <= emulatedMs);
      // Fractions do not divide exactly: what is a hair above a whole millisecond is that millisecond.
      return Math.ceil(segment.fromMs + (emulatedMs - segment.emulatedMs) / segment.speed - 1e-6);
    },
    changeSpeed(atMs, next) {
      segments = [...segments, { fromMs: atMs, emulatedMs: emulatedAt(atMs), speed: next }].slice(-KEPT_SEGMENTS);
    },
    segments: () => segments,
  };
}
