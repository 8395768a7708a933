import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { messagesText } from '../gallery/messages.ts';
import { shown } from '../gallery/shown.ts';

const text = messagesText();

describe('the gallery of messages', () => {
  it('is what the code says: node test/gallery/messages.ts --write docs/messages.md', () => {
    expect(readFileSync('docs/messages.md', 'utf8')).toBe(text);
  });

  it('leaves nothing open in any sentence', () => {
    expect(text).not.toMatch(/\{\w+\}|undefined|\[object|NaN|\(\?\)/);
  });

  it('calls every outcome of a rollout by its word', () => {
    const headlines = [
      'promoted',
      'failed',
      'rejected',
      'cancelled',
      'superseded',
      'expired',
      'void',
      'rolled back',
      'given up',
    ];
    for (const word of headlines) expect(text).toMatch(new RegExp(`^# survival version 7: \\S+ ${word}`, 'm'));
  });

  it('shows no block that it does not know as nothing', () => {
    expect(() => shown({ text: 'a video', blocks: [{ type: 'video' }] })).toThrow('video');
  });
});
