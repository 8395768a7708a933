import type { Rendered } from '../src/ports/channel.ts';
import type { Reason } from '../src/rollout/reasons.ts';
import { blocksOf, paragraph } from './block.ts';
import { code, fallbackText, type Line, text } from './inline.ts';
import { reasonLine } from './reason-line.ts';

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

/** `which` is what was typed; the services are configured names. */
export function chooseService(services: readonly string[], unknown: string | null): Rendered {
  const first: Line =
    unknown === null
      ? [text('Several services are configured, so say which. Nothing was done.')]
      : [text('There is no service '), text(unknown, 60), text('. Nothing was done.')];
  return message([first, ...services.slice(0, 20).map((name): Line => [text('• '), code(`--service ${name}`)])]);
}
