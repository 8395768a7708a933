import type { VNode } from 'preact';
import { html } from '../html.ts';

/** Drawn here, because no font has them all. Each is strokes on a field of 16 by 16. */
const ICONS = {
  anchor:
    'M8 5.5v8M5.5 7.500h5M3 9.500c.3 2.500 2.300 4 5 4s4.700-1.500 5-4M8 5.500a1.700 1.700 0 1 0 0-3.400 1.700 1.700 0 0 0 0 3.400',
  hash: 'M6.500 2.500l-1.500 11M11 2.500l-1.500 11M3 6h10.500M2.500 10h10.500',
  shared:
    'M6 10.500a2.500 2.500 0 0 1 0-3.500l2-2a2.500 2.500 0 0 1 3.500 3.500l-.7.7M10 5.500a2.500 2.500 0 0 1 0 3.500l-2 2a2.500 2.500 0 0 1-3.500-3.500l.7-.7',
  home: 'M2.500 7.500L8 3l5.500 4.500M4 6.500v6.500h8V6.500M6.700 13V9.500h2.600V13',
  letter: 'M2.500 4h11v8h-11zM2.500 4.500L8 9l5.500-4.500',
  eye: 'M1.500 8S4 3.800 8 3.800 14.500 8 14.500 8 12 12.200 8 12.200 1.500 8 1.500 8M8 9.800a1.800 1.800 0 1 0 0-3.600 1.800 1.800 0 0 0 0 3.600',
  file: 'M4 2h5l3 3v9H4zM9 2v3h3M6 8.500h4M6 11h4',
  image: 'M2.500 3h11v10h-11zM2.500 11l3-3 2.500 2.500 2-2 3.500 3.500M10.500 6.500h.01',
  cross: 'M4 4l8 8M12 4l-8 8',
  tick: 'M3 8.500l3.300 3.300L13 4.500',
  bolt: 'M9 1.500L3.500 9H8l-1 5.500L12.500 7H8z',
  dots: 'M3.500 8h.01M8 8h.01M12.500 8h.01',
} as const;

export type IconName = keyof typeof ICONS;

/** A picture that says nothing the words beside it do not say. */
export function Icon({ name }: { readonly name: IconName }): VNode {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d=${ICONS[name]} /></svg>`;
}
