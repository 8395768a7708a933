import type { Rendered } from '../src/ports/channel.ts';
import type { Reason } from '../src/rollout/reasons.ts';
import type { Command } from '../src/command-types.ts';
import { actions, type Button, blocksOf, paragraph } from './block.ts';
import { commandButton } from './command-button.ts';
import { code, fallbackText, type Line, text } from './inline.ts';
import { firstOf, LIMITS } from './limits.ts';
import { reasonLine } from './reason-line.ts';

/** Buttons of one message that carry a command, told apart by two digits. */
const MOST_CHOICES = 100;

function message(lines: readonly Line[]): Rendered {
  return { text: fallbackText(lines), blocks: blocksOf(paragraph(lines)) };
}

/** A refusal that has a reason code. */
export function refusal(reason: Reason): Rendered {
  return message([[text('⛔ '), ...reasonLine(reason)]]);
}

/** Own words about something that is not the core's to say. */
export function notice(...lines: readonly Line[]): Rendered {
  return message(lines);
}

/** Nothing is known about whether it was done, so the answer says where that is to be seen. */
export function troubled(reference: string): Rendered {
  return message([
    [text('titanic could not finish this. What was recorded is shown by '), code('/titanic status'), text('.')],
    [text(`For the logs: ${reference}`)],
  ]);
}

/** The core has not answered in the time that a person waits. */
export function stillWorking(): Rendered {
  return message([
    [
      text('No answer yet; it follows here. What was recorded goes on by itself meanwhile: '),
      code('/titanic status'),
      text('.'),
    ],
  ]);
}

export function unknownControl(): Rendered {
  return message([
    [
      text(
        'This button or form is of another version of titanic and does nothing any more. Nothing was done. Use the newest card in the channel, or ',
      ),
      code('/titanic help'),
      text('.'),
    ],
  ]);
}

/**
 * Asks which service was meant. `unknown` is what was typed; the services are configured names. `asked`: the command
 * as it would be for a service, which its button then says; null where no button could say it.
 */
export function chooseService(
  services: readonly string[],
  unknown: string | null,
  asked: ((service: string) => Command) | null,
): Rendered {
  const first: Line =
    unknown === null
      ? [text('Several services are configured, so say which. Nothing was done.')]
      : [text('There is no service '), text(unknown, 60), text('. Nothing was done.')];
  const { shown, more } = firstOf(services, MOST_CHOICES);
  const buttons =
    asked === null ? [] : shown.map((name, place) => commandButton(place, name, asked(name))).filter((b) => b !== null);
  const named = firstOf(services, buttons.length === 0 ? 20 : 0);
  const lines = [first, ...named.shown.map((name): Line => [text('• '), code(`--service ${name}`)])];
  if (more > 0) lines.push([text(`… +${more}: `), code('--service NAME')]);
  return {
    text: fallbackText([first, ...services.slice(0, 20).map((name): Line => [text('• '), code(`--service ${name}`)])]),
    blocks: blocksOf(paragraph(lines), ...inRows(buttons).map(actions)),
  };
}

function inRows(buttons: readonly Button[]): readonly (readonly Button[])[] {
  const { actionsElements: most } = LIMITS;
  return Array.from({ length: Math.ceil(buttons.length / most) }, (_, row) =>
    buttons.slice(row * most, (row + 1) * most),
  );
}
