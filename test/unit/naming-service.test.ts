import { describe, expect, it } from 'vitest';
import { answer } from '../../blocks/answer.ts';
import { namingService } from '../../blocks/naming-service.ts';
import { createRender } from '../../blocks/render.ts';
import { parseCommand } from '../../src/command.ts';
import { commandNaming } from '../../src/rollout/command-hint.ts';
import { REASON_CODES, reason, template } from '../../src/rollout/reasons.ts';
import { story } from '../support/story.ts';

const two = namingService(['survival', 'fares']);
const held = reason('environment-held', {
  environment: 'prod',
  by: 'U0OLGA',
  reason: 'a fair',
  until: 'until released',
});
const refused = answer({ kind: 'refused', reason: held, subject: null });

describe('a command in a message', () => {
  it('names its service where several are configured, in the blocks and in the text', () => {
    const shown = two('fares', refused);
    expect(JSON.stringify(shown.blocks)).toContain('"/titanic unlock prod --service fares -- reason"');
    expect(shown.text).toContain('/titanic unlock prod --service fares -- reason releases it');
    expect(namingService(['fares'])('fares', refused)).toEqual(refused);
  });

  it.each([
    ['/titanic rollback prod --to 3', '/titanic rollback prod --to 3 --service fares'],
    ['/titanic status', '/titanic status --service fares'],
    ['/titanic promote fares-42', '/titanic promote fares-42'],
    ['/titanic reject fares-42 -- reason', '/titanic reject fares-42 -- reason'],
    ['/titanic help', '/titanic help'],
  ])('%s becomes %s', (command, named) => {
    expect(commandNaming('fares', command)).toBe(named);
    expect(commandNaming('fares', named)).toBe(named);
  });

  it('can be typed as it stands, whichever sentence it is in', () => {
    const commands = REASON_CODES.flatMap((code) => template(code).match(/(?<=`)\/titanic [^`]*(?=`)/g) ?? []);
    expect(commands.length).toBeGreaterThan(5);
    for (const command of commands) {
      const filled = command
        .replace('{environment}', 'prod')
        .replace(/VERSION/, '3')
        .replace(/TIME/, '09:00')
        .replace(/\{\w+\}/g, '3');
      const parsed = parseCommand(commandNaming('fares', filled).replace('/titanic ', ''));
      expect([command, parsed]).toEqual([command, expect.objectContaining({ service: 'fares' })]);
    }
  });

  it('is told to the channel with the service that it is about', () => {
    const lock = {
      type: 'HoldPlaced',
      environment: 'prod',
      kind: 'lock',
      by: 'U0OLGA',
      reason: 'a fair',
      until: null,
    } as const;
    const [placed] = story().records([lock]).entries;
    if (placed === undefined) throw new Error('no entry');
    const words = (services: readonly string[]) =>
      createRender({ approversMention: '', services }).notice('fares', placed)?.text;
    expect(words(['survival', 'fares'])).toMatch(/^fares prod is held/);
    expect(words(['fares'])).toMatch(/^prod is held/);
  });
});
