import { inspect } from 'node:util';

const SHOWN = '[secret]';

/**
 * A value that must not reach a log, a message or the evidence by accident. However it is printed
 * (text, JSON, `console.log`), it shows `[secret]`; only `reveal()` gives the value, and a search for
 * that word finds every place where one leaves.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
