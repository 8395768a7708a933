import type { VNode } from 'preact';
import { html } from '../html.ts';
import { wordsOf } from '../text/json.ts';
import type { DrawnProps } from './element.ts';
import { heldValue, useSurface } from './surface-context.ts';
import { plainWords } from './text-object.ts';

const KINDS: Readonly<Record<string, { readonly input: string; readonly field: string; readonly initial: string }>> = {
  datepicker: { input: 'date', field: 'selected_date', initial: 'initial_date' },
  timepicker: { input: 'time', field: 'selected_time', initial: 'initial_time' },
  datetimepicker: { input: 'datetime-local', field: 'selected_date_time', initial: 'initial_date_time' },
};

/** Pickers of a day, a time, or both, as the browser's own. */
export function DateField({ element, blockId, field, isBusy, choose }: DrawnProps): VNode {
  const model = useSurface();
  const kind = KINDS[wordsOf(element.type)] ?? { input: 'date', field: '', initial: '' };
  const held = heldValue(model, blockId, element, kind.field, kind.initial);
  const isMoment = kind.input === 'datetime-local';

  function onChange({ currentTarget }: { readonly currentTarget: HTMLInputElement }): void {
    if (currentTarget.value === '') return;
    choose(isMoment ? Math.floor(new Date(currentTarget.value).getTime() / 1000) : currentTarget.value);
  }

  return html`<input
    type=${kind.input}
    id=${field?.id}
    class="text-field is-short"
    value=${isMoment ? localMoment(Number(held)) : wordsOf(held)}
    aria-label=${field === undefined ? plainWords(element.placeholder) || kind.input : undefined}
    aria-describedby=${field?.describedBy}
    aria-invalid=${field?.invalid}
    aria-busy=${isBusy}
    onChange=${onChange}
  />`;
}

/** Epoch seconds as the browser's field wants them: local, without a zone. */
function localMoment(seconds: number): string {
  if (!(seconds > 0)) return '';
  const moment = new Date(seconds * 1000);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
