import { ENVIRONMENTS } from '../../rollout/candidate.ts';
import { modelFacts } from '../../rollout/model-facts.ts';
import type { PackageSeen } from '../../rollout/observation.ts';
import type { ServiceState } from '../../rollout/state.ts';
import { printJson } from '../answers.ts';
import { type Context, chooseService, type ExitCode, Unavailable, withComposed } from '../context.ts';
import { columns } from '../terminal.ts';

export interface ModelsOptions {
  readonly service?: string;
  readonly json?: boolean;
}

/** The packages of the group, newest first: status, metrics, where they run, who approved them through titanic. */
export function models(context: Context, count: number, options: ModelsOptions): Promise<ExitCode> {
  const { terminal } = context;
  return withComposed(context, async ({ settings, engine, registry }): Promise<ExitCode> => {
    const service = chooseService(settings, options.service);
    const group = settings.services.find(({ name }) => name === service)?.modelPackageGroup ?? '';
    const [packages, state] = await Promise.all([registry.list(group, count), engine.state(service)]);
    if (packages.kind === 'unknown') throw new Unavailable(`The Model Registry cannot be read: ${packages.why}.`);
    if (state.kind === 'unknown') throw new Unavailable(`The record cannot be read: ${state.why}.`);
    const views = packages.value.map((one) => viewOf(one, state.value));
    if (options.json === true) printJson(terminal, { service, group, models: views });
    else if (views.length === 0) terminal.out(`${group} has no version yet.`);
    else {
      const rows = views.map(({ version, approval, status, runs, metrics, description }) => [
        String(version ?? '–'),
        approval,
        status,
        runs.join(', ') || '–',
        Object.entries(metrics)
          .map(([name, value]) => `${name}: ${value}`)
          .join('; ') || '–',
        description ?? '',
      ]);
      terminal.out(columns([['VERSION', 'APPROVAL', 'STATUS', 'RUNS IN', 'METRICS', 'DESCRIPTION'], ...rows]));
    }
    return 0;
  });
}

function viewOf(one: PackageSeen, state: ServiceState) {
  const { arn, approval, status } = one;
  const runs = ENVIRONMENTS.filter((environment) => state.environments[environment].stack.at(-1)?.packageArn === arn);
  const approvedBy = state.approvedPackages.find(({ packageArn }) => packageArn === arn)?.by ?? null;
  return { arn, approval, status, runs, approvedBy, ...modelFacts(one) };
}
