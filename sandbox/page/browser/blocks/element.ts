import type { VNode } from 'preact';
import type { Json, JsonObject } from '../../wire.ts';
import { html } from '../html.ts';
import { elementId } from '../model/deeds.ts';
import { usePage } from '../model/page-context.ts';
import { Button, FeedbackButtons } from './button.ts';
import { Choices } from './choices.ts';
import { DateField } from './date-field.ts';
import { ImageStandIn } from './image-stand-in.ts';
import { Overflow } from './overflow.ts';
import { SearchSelect } from './search-select.ts';
import { Select } from './select.ts';
import { useSurface } from './surface-context.ts';
import { TextField } from './text-field.ts';
import { UnknownPart } from './unknown-part.ts';

/** What every drawn element is given. */
export interface ElementProps {
  readonly element: JsonObject;
  readonly blockId: string;
  /** In an input block: where its label, hint and complaint stand. */
  readonly field?: { readonly id: string; readonly describedBy: string; readonly invalid: boolean };
}

export interface DrawnProps extends ElementProps {
  readonly isBusy: boolean;
  /** The app hears it at once, or the form keeps it until it is submitted. */
  choose(value?: Json): void;
}

/** One element of any kind. */
export function Element(props: ElementProps & { readonly isInput?: boolean; readonly dispatches?: boolean }): VNode {
  const { element, blockId, isInput = false, dispatches = false } = props;
  const { state, deeds } = usePage();
  const model = useSurface();
  const isBusy = state.busy.has(elementId(model.surface, blockId, String(element.action_id)));
  const choose = (value?: Json) => {
    if (isInput) model.enter(blockId, value ?? null);
    if (!isInput || dispatches) void deeds.click(model.surface, blockId, element, value);
  };
  const drawn: DrawnProps = { ...props, isBusy, choose };
  const type = String(element.type).replace(/^multi_/, '');
  switch (type) {
    case 'button':
    case 'icon_button':
    case 'workflow_button':
      return html`<${Button} ...${drawn} />`;
    case 'feedback_buttons':
      return html`<${FeedbackButtons} ...${drawn} />`;
    case 'overflow':
      return html`<${Overflow} ...${drawn} />`;
    case 'external_select':
      // Slack lets several be searched as well; nothing here does.
      return String(element.type) === type && isInput
        ? html`<${SearchSelect} ...${drawn} />`
        : html`<${Select} ...${drawn} />`;
    case 'static_select':
    case 'users_select':
    case 'channels_select':
    case 'conversations_select':
      return html`<${Select} ...${drawn} />`;
    case 'checkboxes':
    case 'radio_buttons':
      return html`<${Choices} ...${drawn} />`;
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker':
      return html`<${DateField} ...${drawn} />`;
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'rich_text_input':
      return html`<${TextField} ...${drawn} />`;
    case 'image':
      return html`<${ImageStandIn} image=${element} />`;
    default:
      return html`<${UnknownPart} what="Element" part=${element} />`;
  }
}
