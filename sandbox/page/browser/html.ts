import htm from 'htm';
import { h, type VNode } from 'preact';

type Markup = (strings: TemplateStringsArray, ...values: readonly unknown[]) => VNode;

// The package's types describe its CommonJS form; what the browser loads is the function itself.
const bindable = htm as unknown as { bind(make: typeof h): Markup };

/** Markup as a tagged template. What stands between `${}` is a value, never markup. */
export const html = bindable.bind(h);
