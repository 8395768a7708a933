import type { VNode } from 'preact';
import { html } from '../html.ts';

export interface Series {
  readonly name: string;
  /** One for each category; null where there is none. */
  readonly values: readonly (number | null)[];
}

interface PlotProps {
  readonly title: string;
  readonly kind: 'line' | 'bar' | 'area';
  readonly categories: readonly string[];
  readonly series: readonly Series[];
  readonly labels: { readonly x: string; readonly y: string };
}

const SIZE = { width: 520, height: 220 } as const;
const EDGE = { left: 52, right: 12, top: 10, bottom: 42 } as const;
const INNER = { width: SIZE.width - EDGE.left - EDGE.right, height: SIZE.height - EDGE.top - EDGE.bottom } as const;
const MOST_X_LABELS = 10;

/** Lines, bars or areas over categories. */
export function Plot({ title, kind, categories, series, labels }: PlotProps): VNode {
  const all = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const ticks = ticksOver(Math.min(0, ...all), Math.max(0, ...all));
  const low = ticks[0] ?? 0;
  const span = (ticks.at(-1) ?? 1) - low || 1;
  const y = (value: number) => EDGE.top + INNER.height * (1 - (value - low) / span);
  const slot = INNER.width / Math.max(1, categories.length);
  const x = (index: number) => EDGE.left + slot * (index + 0.5);
  const each = Math.ceil(categories.length / MOST_X_LABELS);
  return html`<svg viewBox=${`0 0 ${SIZE.width} ${SIZE.height}`} role="img" aria-label=${`${title}, ${kind} chart`}>
    ${ticks.map(
      (tick) => html`<g class="grid">
        <line x1=${EDGE.left} x2=${SIZE.width - EDGE.right} y1=${y(tick)} y2=${y(tick)} />
        <text x=${EDGE.left - 6} y=${y(tick) + 4} text-anchor="end">${numberWords(tick)}</text>
      </g>`,
    )}
    ${categories.map(
      (category, index) =>
        index % each === 0 && html`<text x=${x(index)} y=${SIZE.height - 24} text-anchor="middle">${category}</text>`,
    )}
    <text x=${EDGE.left + INNER.width / 2} y=${SIZE.height - 6} text-anchor="middle" class="axis">${labels.x}</text>
    <text x="14" y=${EDGE.top + INNER.height / 2} class="axis turned" text-anchor="middle"
      transform=${`rotate(-90 14 ${EDGE.top + INNER.height / 2})`}>${labels.y}</text>
    ${series.map((one, at) =>
      kind === 'bar'
        ? bars(one, at, { x, y, zero: y(Math.max(low, 0)), slot, of: series.length })
        : lines(one, at, { x, y, zero: y(Math.max(low, 0)), isArea: kind === 'area' }),
    )}
  </svg>`;
}

interface Scale {
  x(index: number): number;
  y(value: number): number;
  readonly zero: number;
}

function bars(one: Series, at: number, scale: Scale & { readonly slot: number; readonly of: number }): VNode {
  const width = (scale.slot * 0.7) / scale.of;
  return html`<g class=${`series-${at % 6}`}>
    ${one.values.map((value, index) => {
      if (value === null) return null;
      const top = Math.min(scale.y(value), scale.zero);
      const left = scale.x(index) - (scale.slot * 0.7) / 2 + width * at;
      return html`<rect x=${left} y=${top} width=${Math.max(1, width - 2)} height=${Math.max(1, Math.abs(scale.y(value) - scale.zero))} rx="1.5">
        <title>${one.name}: ${value}</title>
      </rect>`;
    })}
  </g>`;
}

function lines(one: Series, at: number, scale: Scale & { readonly isArea: boolean }): VNode {
  const points = one.values.flatMap((value, index) =>
    value === null ? [] : [[scale.x(index), scale.y(value)] as const],
  );
  const path = points.map(([px, py], index) => `${index === 0 ? 'M' : 'L'}${px} ${py}`).join(' ');
  const [first, last] = [points[0], points.at(-1)];
  const area = first && last ? `${path} L${last[0]} ${scale.zero} L${first[0]} ${scale.zero} Z` : '';
  return html`<g class=${`series-${at % 6}`}>
    ${scale.isArea && html`<path class="area" d=${area} />`}
    <path class="line" d=${path} />
    ${points.map(([px, py]) => html`<circle cx=${px} cy=${py} r="2.5" />`)}
  </g>`;
}

/** Four or five round numbers from below the lowest to above the highest. */
function ticksOver(low: number, high: number): readonly number[] {
  const raw = (high - low || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((one) => one * power >= raw) ?? 10) * power;
  const from = Math.floor(low / step);
  const to = Math.ceil(high / step) || 1;
  return Array.from({ length: to - from + 1 }, (_, index) => Number(((from + index) * step).toPrecision(10)));
}

function numberWords(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 }).format(value);
}
