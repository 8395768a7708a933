import type { Rendered } from '../src/ports/channel.ts';
import { ENVIRONMENTS } from '../src/rollout/candidate.ts';
import type { PackageSeen } from '../src/rollout/observation.ts';
import type { ServiceState } from '../src/rollout/state.ts';
import { blocksOf, type Cell, header, paragraph, table } from './block.ts';
import { shortDigest } from './candidate-words.ts';
import { fallbackText, type Line, text } from './inline.ts';
import { firstOf, PIECES } from './limits.ts';
import { numbersAmong } from './model-numbers.ts';

/** The packages of a service's group, newest first, and where they run. `state` null: the record could not be read. */
export function models(service: string, packages: readonly PackageSeen[], state: ServiceState | null): Rendered {
  const title = `${service}: models`;
  if (packages.length === 0) {
    const lines: readonly Line[] = [[text('The group has no model packages.')]];
    return { text: fallbackText(lines), blocks: blocksOf(header(title), paragraph(lines)) };
  }
  const rows = packages.map((one): Cell[] => [
    String(one.version ?? '–'),
    one.approval,
    one.status,
    shortDigest(one.containers[0]?.imageDigest ?? null),
    metricWords(one),
    runsWhere(one, state),
  ]);
  const lines = packages.map(
    (one): Line => [
      text(
        `version ${one.version ?? '–'} ${one.approval}, ${one.status}; ${metricWords(one)}; runs: ${runsWhere(one, state)}`,
      ),
    ],
  );
  return {
    text: fallbackText([[text(title)], ...lines]),
    blocks: blocksOf(
      header(title),
      table(
        [
          { title: 'Version', align: 'right' },
          { title: 'Approval' },
          { title: 'Status' },
          { title: 'Image' },
          { title: 'Metrics', wrapped: true },
          { title: 'Runs in' },
        ],
        rows,
      ),
    ),
  };
}

function metricWords({ about }: PackageSeen): string {
  const { shown, more } = firstOf(numbersAmong(about?.metrics ?? {}), PIECES.listed);
  const words = shown.map(([name, value]) => `${name} ${value}`).join(', ');
  return words === '' ? '–' : `${words}${more > 0 ? ` … +${more}` : ''}`;
}

function runsWhere(one: PackageSeen, state: ServiceState | null): string {
  if (state === null) return 'unknown';
  const where = ENVIRONMENTS.filter(
    (environment) => state.environments[environment].stack.at(-1)?.packageArn === one.arn,
  );
  return where.length === 0 ? '–' : where.join(', ');
}
