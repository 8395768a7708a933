import type { VNode } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import type { PageState } from '../model/page-state.ts';
import { MenuButton } from './menu-button.ts';
import { complete, type KnownNames, type Suggestion } from '../text/completion.ts';

const COMMANDS_KEPT = 30;
/** What was sent from any composer, oldest first: arrow up brings it back, as in a shell. */
const sent: string[] = [];

/** Where words and commands are typed. A channel's composer completes the words of the slash command. */
export function Composer(props: {
  readonly channel: string;
  readonly threadTs?: string;
  readonly label: string;
}): VNode {
  const { channel, threadTs, label } = props;
  const { state, deeds } = usePage();
  const [text, setText] = useState('');
  const [active, setActive] = useState(-1);
  const [isDismissed, setDismissed] = useState(false);
  const [recalled, setRecalled] = useState(0);
  const input = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const { setup, draft } = state;
  const isChannel = threadTs === undefined;

  useEffect(() => {
    if (!isChannel || draft.text === '' || channel !== setup.channel) return;
    write(draft.text);
    input.current?.focus();
  }, [draft.count]);

  const offered = isChannel && !isDismissed ? complete(text, setup.command, setup.commandWords, knownNames(state)) : [];

  function write(next: string): void {
    setText(next);
    setActive(-1);
    setDismissed(false);
  }

  function take(suggestion: Suggestion): void {
    write(suggestion.text);
    input.current?.focus();
  }

  async function send(): Promise<void> {
    const words = text.trim();
    if (words === '' || state.busy.has('send')) return;
    sent.push(words);
    sent.splice(0, Math.max(0, sent.length - COMMANDS_KEPT));
    setRecalled(0);
    setText('');
    if (!(await deeds.send(channel, words, threadTs))) setText(words);
  }

  function recall(step: number): void {
    const to = Math.min(Math.max(0, recalled + step), sent.length);
    setRecalled(to);
    setText(to === 0 ? '' : (sent.at(-to) ?? ''));
    setDismissed(true);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const isOffering = offered.length > 0;
    const { key } = event;
    if (event.isComposing) return;
    if (key === 'ArrowDown' && isOffering) setActive((active + 1) % offered.length);
    else if (key === 'ArrowUp' && isOffering && text !== '')
      setActive(((active + offered.length) % (offered.length + 1)) - 1);
    else if (key === 'ArrowUp' && (text === '' || recalled > 0)) recall(1);
    else if (key === 'ArrowDown' && recalled > 0) recall(-1);
    else if (key === 'Escape' && isOffering) setDismissed(true);
    else if (key === 'Tab' && isOffering && !event.shiftKey) take(offered[Math.max(0, active)] as Suggestion);
    else if (key === 'Enter' && !event.shiftKey) {
      const chosen = offered[active];
      if (chosen === undefined) void send();
      else take(chosen);
    } else return;
    event.preventDefault();
  }

  return html`<form
    class="composer"
    onSubmit=${(event: Event) => {
      event.preventDefault();
      void send();
    }}
  >
    ${
      offered.length > 0 &&
      html`<ul class="suggestions" id=${listId} role="listbox" aria-label="How it can go on">
        ${offered.map(
          (one, index) => html`<li
            id=${`${listId}-${index}`}
            role="option"
            aria-selected=${index === active}
            ref=${index === active ? (item: HTMLElement | null) => item?.scrollIntoView({ block: 'nearest' }) : undefined}
            onPointerDown=${(event: PointerEvent) => {
              event.preventDefault();
              take(one);
            }}
          >
            <code>${one.label}</code><span>${one.does}</span>
          </li>`,
        )}
      </ul>`
    }
    <div class="composer-row">
      ${
        isChannel &&
        html`<${MenuButton}
          label="Shortcuts"
          icon="bolt"
          items=${setup.shortcuts
            .filter(({ type }) => type === 'global')
            .map(({ callbackId, name }) => ({ value: callbackId, words: name }))}
          isBusy=${state.busy.has('shortcut')}
          choose=${(id: string) => void deeds.useShortcut(id)}
        />`
      }
      <textarea
        ref=${input}
        rows="1"
        aria-label=${label}
        placeholder=${isChannel ? `${label}, or type ${setup.command}` : label}
        role=${isChannel ? 'combobox' : undefined}
        aria-expanded=${isChannel ? offered.length > 0 : undefined}
        aria-controls=${isChannel ? listId : undefined}
        aria-autocomplete=${isChannel ? 'list' : undefined}
        aria-activedescendant=${active >= 0 ? `${listId}-${active}` : undefined}
        value=${text}
        onInput=${({ currentTarget }: { readonly currentTarget: HTMLTextAreaElement }) => {
          setRecalled(0);
          write(currentTarget.value);
        }}
        onKeyDown=${onKeyDown}
        onBlur=${() => setDismissed(true)}
        onFocus=${() => setDismissed(false)}
      ></textarea>
      <button type="submit" class="button is-primary" aria-busy=${state.busy.has('send')} disabled=${text.trim() === ''}>Send</button>
    </div>
  </form>`;
}

/** Rollouts and versions that there are, newest first. */
function knownNames({ record, panel }: PageState): KnownNames {
  const rollouts = [...new Set(record.flatMap(({ rolloutId }) => (rolloutId === null ? [] : [rolloutId])))].reverse();
  const versions = (panel?.packages ?? [])
    .map(({ version, approval, description }) => ({ version, does: `${approval}. ${description}` }))
    .reverse();
  return { rollouts, versions };
}
