import type { VNode } from 'preact';
import { html } from '../html.ts';

export interface Slice {
  readonly label: string;
  readonly value: number;
}

const RADIUS = 80;
const CENTRE = 90;

/** Parts of a whole, clockwise from the top. */
export function Pie({ title, slices }: { readonly title: string; readonly slices: readonly Slice[] }): VNode {
  const total = slices.reduce((sum, { value }) => sum + value, 0);
  let turned = 0;
  return html`<svg class="pie" viewBox=${`0 0 ${CENTRE * 2} ${CENTRE * 2}`} role="img" aria-label=${`${title}, pie chart`}>
    ${slices.map(({ label, value }, index) => {
      const share = total === 0 ? 0 : value / total;
      const from = turned;
      turned += share;
      return html`<path class=${`series-${index % 6}`} d=${slicePath(from, share)}>
        <title>${label}: ${value} (${Math.round(share * 100)} %)</title>
      </path>`;
    })}
  </svg>`;
}

function slicePath(from: number, share: number): string {
  // A whole circle has no two ends to draw an arc between.
  const size = Math.min(share, 0.9999);
  const [x1, y1] = edge(from);
  const [x2, y2] = edge(from + size);
  return `M${CENTRE} ${CENTRE} L${x1} ${y1} A${RADIUS} ${RADIUS} 0 ${size > 0.5 ? 1 : 0} 1 ${x2} ${y2} Z`;
}

function edge(turn: number): readonly [number, number] {
  const angle = turn * 2 * Math.PI - Math.PI / 2;
  return [CENTRE + RADIUS * Math.cos(angle), CENTRE + RADIUS * Math.sin(angle)];
}
