import type { VNode } from 'preact';
import type { JsonObject } from '../../wire.ts';
import { html } from '../html.ts';
import { listOf, objectOf, objectsOf, wordsOf } from '../text/json.ts';
import { Pie } from './pie.ts';
import { Plot, type Series } from './plot.ts';
import { UnknownPart } from './unknown-part.ts';

/** A data_visualization block: the drawing, its legend, and the same numbers as a table. */
export function Chart({ block }: { readonly block: JsonObject }): VNode {
  const chart = objectOf(block.chart);
  const title = wordsOf(block.title);
  if (chart.type === 'pie') {
    const slices = objectsOf(chart.segments).map((one) => ({ label: wordsOf(one.label), value: Number(one.value) }));
    return framed(
      title,
      html`<${Pie} title=${title} slices=${slices} />`,
      slices.map(({ label }) => label),
      ['', 'Value'],
      slices.map(({ label, value }) => [label, String(value)]),
    );
  }
  if (chart.type !== 'line' && chart.type !== 'bar' && chart.type !== 'area') {
    return html`<${UnknownPart} what="Chart" part=${block} />`;
  }
  const axes = objectOf(chart.axis_config);
  const categories = listOf(axes.categories).map(wordsOf);
  const series = objectsOf(chart.series).map((one) => seriesOf(one, categories));
  const labels = { x: wordsOf(axes.x_label), y: wordsOf(axes.y_label) };
  return framed(
    title,
    html`<${Plot} title=${title} kind=${chart.type} categories=${categories} series=${series} labels=${labels} />`,
    series.map(({ name }) => name),
    [labels.x, ...series.map(({ name }) => name)],
    categories.map((category, at) => [category, ...series.map(({ values }) => String(values[at] ?? '–'))]),
  );
}

/** Points may come in any order; a category without one stays empty. */
function seriesOf(one: JsonObject, categories: readonly string[]): Series {
  const points = objectsOf(one.data);
  return {
    name: wordsOf(one.name),
    values: categories.map((category) => {
      const point = points.find(({ label }) => label === category);
      return point === undefined ? null : Number(point.value);
    }),
  };
}

function framed(
  title: string,
  drawing: VNode,
  names: readonly string[],
  head: readonly string[],
  rows: readonly (readonly string[])[],
): VNode {
  return html`<figure class="chart">
    <figcaption>${title}</figcaption>
    ${drawing}
    <ul class="legend">
      ${names.map((name, index) => html`<li><span class=${`swatch series-${index % 6}`}></span>${name}</li>`)}
    </ul>
    <details>
      <summary>The numbers</summary>
      <div class="table-scroll" tabindex="0" role="region" aria-label=${`${title}, the numbers`}>
        <table>
          <thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
          <tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
        </table>
      </div>
    </details>
  </figure>`;
}
