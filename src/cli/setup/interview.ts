import type { Prompts } from '../prompts.ts';

/** An answer in its final form, or why it is none. */
export type Checked = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly why: string };

export interface Choice {
  readonly value: string;
  /** What people call it, without `#` or `@`. */
  readonly name: string;
}

export interface Question {
  /** How it is answered without being asked: an option, or a variable of the environment. */
  readonly by: string;
  readonly asks: string;
  /** What an option, the environment or a file says. */
  readonly given?: string | undefined;
  readonly choices?: readonly Choice[];
  /** Taken where nobody says otherwise. */
  readonly usual?: string | undefined;
  /** Offered to somebody who is asked, and never taken without. */
  readonly suggested?: string | undefined;
  /** Why what a file says was not taken. */
  readonly doubt?: string | undefined;
  readonly optional?: boolean;
  readonly secret?: boolean;
  readonly check: (text: string) => Checked | Promise<Checked>;
}

/** What is not known yet. */
export interface Missing {
  readonly by: string;
  readonly asks: string;
  readonly why: string | null;
}

export interface Interview {
  /** undefined: it is missing, or optional and left out. */
  answer(question: Question): Promise<string | undefined>;
  readonly missing: readonly Missing[];
}

const MOST_TRIES = 5;
const MOST_SHOWN = 20;

/** Takes what is given, asks for the rest where somebody can be asked, and notes what is missing. */
export function createInterview(prompts: Prompts | null, say: (text: string) => void): Interview {
  const missing: Missing[] = [];

  async function ask(question: Question, first: string | null): Promise<string | undefined> {
    let why = first;
    const { by, asks, choices = [], usual, suggested = usual, optional = false, secret = false } = question;
    if (prompts !== null) showChoices(choices, say);
    for (let tries = 0; prompts !== null && tries < MOST_TRIES; tries += 1) {
      if (why !== null) say(`  ${why}`);
      const hint = suggested === undefined ? (optional ? ' (Enter: none)' : '') : ` [${suggested}]`;
      const line = await prompts.ask(`${asks}${hint}: `, secret);
      if (line === null) break;
      const typed = line.trim() === '' ? suggested : (byNumber(line.trim(), choices) ?? line.trim());
      if (typed === undefined && optional) return undefined;
      const checked = typed === undefined ? no('Something is needed here.') : await checkNamed(question, typed);
      if (checked.ok) return checked.value;
      why = checked.why;
    }
    missing.push({ by, asks, why });
    return undefined;
  }

  return {
    missing,
    async answer(question) {
      const { given, usual, doubt = null, optional = false } = question;
      if (given !== undefined) {
        const checked = await checkNamed(question, given);
        return checked.ok ? checked.value : ask(question, checked.why);
      }
      if (prompts !== null) return ask(question, doubt);
      if (usual !== undefined) return usual;
      if (!optional) missing.push({ by: question.by, asks: question.asks, why: doubt });
      return undefined;
    },
  };
}

function showChoices(choices: readonly Choice[], say: (text: string) => void): void {
  for (const [index, { value, name }] of choices.slice(0, MOST_SHOWN).entries()) {
    say(`  ${index + 1}. ${name}${name === value ? '' : ` (${value})`}`);
  }
}

function no(why: string): Checked {
  return { ok: false, why };
}

function byNumber(line: string, choices: readonly Choice[]): string | undefined {
  return /^\d{1,2}$/.test(line) ? choices.slice(0, MOST_SHOWN)[Number(line) - 1]?.value : undefined;
}

async function checkNamed({ choices = [], check }: Question, text: string): Promise<Checked> {
  const name = text.replace(/^[#@]/, '').toLowerCase();
  return check(choices.find((choice) => choice.name.toLowerCase() === name)?.value ?? text);
}
