import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReconnectWait, readGoodbye, type SocketEnd } from '../../src/adapters/slack-socket-end.ts';

const evenly = () => 0.5;
const goodbye = (reason: string) => JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'x' } });

describe('what Slack says before it closes a socket', () => {
  it.each([
    ['refresh_requested', 'refreshed'],
    ['warning', 'refreshed'],
    ['of a later day', 'refreshed'],
    ['too_many_websockets', 'too-many'],
    ['link_disabled', 'disabled'],
  ] as const)('is understood: %s', (reason, end) => {
    expect(readGoodbye(goodbye(reason))).toBe(end);
  });

  it('is not found in what a person typed, or in what is no text', () => {
    for (const frame of [
      '{"type":"slash_commands","payload":{"text":"{\\"type\\":\\"disconnect\\"}"}}',
      '{"type":"hello"}',
      '"disconnect"',
      '{"disconnect"',
      new ArrayBuffer(4),
    ]) {
      expect(readGoodbye(frame)).toBeNull();
    }
  });
});

describe('the wait before the next socket', () => {
  it('is none after a refresh, and short and spread after a cut', () => {
    const next = createReconnectWait(() => 0.7);
    expect(next('refreshed', 18_000_000)).toBe(0);
    expect(next('lost', 60_000)).toBe(350);
  });

  it('doubles with every failure, and begins anew after a socket that lived', () => {
    const next = createReconnectWait(evenly);
    const waits = Array.from({ length: 8 }, () => next('lost', 0));
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    next('lost', 10_000);
    expect(next('lost', 0)).toBe(500);
  });

  it('is long from the first time where Slack asks to be left alone', () => {
    const waits = (end: SocketEnd) => {
      const next = createReconnectWait(evenly);
      return [next(end, 3_600_000), next(end, 0)];
    };
    expect(waits('too-many')).toEqual([10_000, 20_000]);
    expect(waits('disabled')).toEqual([30_000, 60_000]);
    expect(waits('refused')).toEqual([30_000, 60_000]);
  });

  it('never makes a storm, however the sockets end', () => {
    const ends = fc.constantFrom<SocketEnd>('refreshed', 'lost', 'too-many', 'disabled', 'refused');
    const life = fc.record({
      end: ends,
      livedMs: fc.nat(900),
      fraction: fc.double({ min: 0, max: 0.999, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(life, { minLength: 40, maxLength: 40 }), (lives) => {
        let fraction = 0;
        const next = createReconnectWait(() => fraction);
        let passedMs = 0;
        for (const { end, livedMs, fraction: given } of lives) {
          fraction = given;
          passedMs += livedMs + next(end, livedMs);
        }
        expect(passedMs).toBeGreaterThan(300_000);
      }),
    );
  });
});
