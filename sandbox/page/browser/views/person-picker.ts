import type { VNode } from 'preact';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';
import { unreadIn } from '../model/read-marks.ts';
import { Avatar } from './avatar.ts';

/** Everybody one can act as, with what they may be to titanic, and who is called. */
export function PersonPicker(): VNode {
  const { state, deeds } = usePage();
  const { slack, marks, me, setup } = state;
  const people = (slack?.people ?? []).filter(({ isBot }) => !isBot);
  return html`<fieldset class="people">
    <legend>Act as</legend>
    ${people.map((person) => {
      const calls =
        slack === null || person.id === me || !person.canAct
          ? 0
          : unreadIn(slack, marks, person.id, setup.channel).mentions;
      return html`<label key=${person.id} class=${person.canAct ? 'person' : 'person is-gone'}>
        <input
          type="radio"
          name="acting-person"
          value=${person.id}
          checked=${person.id === (state.turningTo ?? me)}
          disabled=${!person.canAct}
          onChange=${() => void deeds.actAs(person.id)}
        />
        <${Avatar} person=${person} size="small" />
        <span class="person-words">
          <span class="person-name">${person.name}</span>
          <span class="person-roles">${person.roles.join(', ')}</span>
        </span>
        ${calls > 0 && html`<span class="badge" title="Called, and not read yet">${calls}<span class="unseen"> unread mentions</span></span>`}
      </label>`;
    })}
  </fieldset>`;
}
