import { isJsonObject, type JsonObject, objectsOf } from '../json.ts';
import {
  anything,
  byType,
  type Check,
  list,
  number,
  optional,
  type Report,
  required,
  shape,
  string,
} from './checks.ts';
import { BLOCK_LIMITS as MAX } from './limits.ts';

const type = required(anything);
const point = shape({ label: required(string(MAX.chartName)), value: required(number()) });
const series = shape({ name: required(string(MAX.chartName)), data: required(list(point, 1, MAX.chartPoints)) });
const axes = shape({
  categories: required(list(string(MAX.chartName), 1, MAX.chartPoints)),
  x_label: optional(string(MAX.chartAxisLabel)),
  y_label: optional(string(MAX.chartAxisLabel)),
});

function distinct(values: unknown[], at: string, what: string, report: Report): void {
  if (new Set(values).size !== values.length) report(at, `${what} must be unique`);
}

/** Each series has exactly one point for each category. */
function seriesMatchCategories(value: JsonObject, at: string, report: Report): void {
  const categories = isJsonObject(value.axis_config) ? value.axis_config.categories : undefined;
  if (!Array.isArray(categories)) return;
  distinct(categories, `${at}/axis_config/categories`, 'categories', report);
  const all = objectsOf(value.series);
  distinct(
    all.map((one) => one.name),
    `${at}/series`,
    'series names',
    report,
  );
  all.forEach((one, index) => {
    const labels = objectsOf(one.data).map((entry) => entry.label);
    const complete = labels.length === categories.length && categories.every((name) => labels.includes(name as string));
    if (!complete) report(`${at}/series/${index}/data`, 'must have exactly one data point per category');
  });
}

const plotted = shape(
  { type, series: required(list(series, 1, MAX.chartSeries)), axis_config: required(axes) },
  seriesMatchCategories,
);

export const chartBlock: Check = shape({
  type,
  block_id: optional(string(MAX.idLength)),
  title: required(string(MAX.chartTitle)),
  chart: required(
    byType({
      line: plotted,
      bar: plotted,
      area: plotted,
      pie: shape({
        type,
        segments: required(
          list(shape({ label: required(string(MAX.chartName)), value: required(number(0)) }), 1, MAX.chartSeries),
        ),
      }),
    }),
  ),
});
