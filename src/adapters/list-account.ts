import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListModelsCommand,
  type SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { known, type Reading } from '../rollout/observation.ts';
import { isNotFound } from './aws-errors.ts';
import { mapFew } from './few-at-once.ts';
import { readOrUnknown } from './sagemaker-read.ts';

interface Named {
  readonly name: string;
  readonly arn: string;
}

export interface InAccount {
  /** With the config that is live and the one that is on its way. */
  readonly endpoints: readonly (Named & { readonly configNames: readonly string[] })[];
  /** Models are known of those that may be ours or that an endpoint uses; of all others nothing is. */
  readonly configs: readonly (Named & { readonly modelNames: readonly string[] })[];
  readonly models: readonly Named[];
}

const PAGE_SIZE = 100;
/** 100 things a page, so this is 20,000 of a kind. */
const MOST_PAGES = 200;

interface Page {
  readonly items: readonly { readonly name: string | undefined; readonly arn: string | undefined }[];
  readonly next: string | undefined;
}
type ReadPage = (query: { MaxResults: number; NextToken: string | undefined }, signal: AbortSignal) => Promise<Page>;

/** Everything of one account: each kind to its last page, or nothing at all. */
export async function listAccount(
  client: SageMakerClient,
  isOurName: (name: string) => boolean,
): Promise<Reading<InAccount>> {
  const endpoints = await listEndpoints(client);
  if (endpoints.kind === 'unknown') return endpoints;
  const configs = await listConfigs(client, endpoints.value, isOurName);
  if (configs.kind === 'unknown') return configs;
  const models = await listAll(async (query, abortSignal) => {
    const reply = await client.send(new ListModelsCommand(query), { abortSignal });
    const items = (reply.Models ?? []).map((m) => ({ name: m.ModelName, arn: m.ModelArn }));
    return { items, next: reply.NextToken };
  });
  if (models.kind === 'unknown') return models;
  return known({ endpoints: endpoints.value, configs: configs.value, models: models.value });
}

export async function listEndpoints(client: SageMakerClient): Promise<Reading<InAccount['endpoints']>> {
  const endpoints = await listAll(async (query, abortSignal) => {
    const reply = await client.send(new ListEndpointsCommand(query), { abortSignal });
    const items = (reply.Endpoints ?? []).map((e) => ({ name: e.EndpointName, arn: e.EndpointArn }));
    return { items, next: reply.NextToken };
  });
  if (endpoints.kind === 'unknown') return endpoints;
  const using = await mapFew(endpoints.value, async (one) => ({ one, names: await configsOf(client, one.name) }));
  const live: (Named & { configNames: readonly string[] })[] = [];
  for (const { one, names } of using) {
    if (names.kind === 'unknown') return names;
    if (names.value !== null) live.push({ ...one, configNames: names.value });
  }
  return known(live);
}

/** Without a look into them. */
export function listConfigNames(client: SageMakerClient): Promise<Reading<readonly Named[]>> {
  return listAll(async (query, abortSignal) => {
    const reply = await client.send(new ListEndpointConfigsCommand(query), { abortSignal });
    const items = (reply.EndpointConfigs ?? []).map((c) => ({ name: c.EndpointConfigName, arn: c.EndpointConfigArn }));
    return { items, next: reply.NextToken };
  });
}

export async function listConfigs(
  client: SageMakerClient,
  endpoints: InAccount['endpoints'],
  isOurName: (name: string) => boolean,
): Promise<Reading<InAccount['configs']>> {
  const configs = await listConfigNames(client);
  if (configs.kind === 'unknown') return configs;
  const used = new Set(endpoints.flatMap(({ configNames }) => configNames));
  const looked = await mapFew(configs.value, async (one) => ({
    one,
    names: isOurName(one.name) || used.has(one.name) ? await modelsOf(client, one.name) : known([]),
  }));
  const found: (Named & { modelNames: readonly string[] })[] = [];
  for (const { one, names } of looked) {
    if (names.kind === 'unknown') return names;
    if (names.value !== null) found.push({ ...one, modelNames: names.value });
  }
  return known(found);
}

async function listAll(readPage: ReadPage): Promise<Reading<readonly Named[]>> {
  const all: Named[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { MaxResults: PAGE_SIZE, NextToken: token };
    const reading = await readOrUnknown(async ({ abortSignal }) => known(await readPage(query, abortSignal)));
    if (reading.kind === 'unknown') return reading;
    for (const { name, arn } of reading.value.items)
      if (name !== undefined && arn !== undefined) all.push({ name, arn });
    token = reading.value.next;
    if (token === undefined) return known(all);
  }
  return { kind: 'unknown', why: `there are more than ${MOST_PAGES * PAGE_SIZE} things of a kind` };
}

/** Live and pending, because an update needs both; null: the endpoint is gone. */
function configsOf(client: SageMakerClient, name: string): Promise<Reading<readonly string[] | null>> {
  return readOrUnknown<readonly string[] | null>(
    async (options) => {
      const seen = await client.send(new DescribeEndpointCommand({ EndpointName: name }), options);
      const names = [seen.EndpointConfigName, seen.PendingDeploymentSummary?.EndpointConfigName];
      return known(names.filter((each) => each !== undefined));
    },
    (failure) => (isNotFound(failure, 'endpoint') ? known(null) : null),
  );
}

/** null: the config is gone. */
function modelsOf(client: SageMakerClient, name: string): Promise<Reading<readonly string[] | null>> {
  return readOrUnknown<readonly string[] | null>(
    async (options) => {
      const seen = await client.send(new DescribeEndpointConfigCommand({ EndpointConfigName: name }), options);
      const variants = [...(seen.ProductionVariants ?? []), ...(seen.ShadowProductionVariants ?? [])];
      return known(variants.flatMap(({ ModelName }) => (ModelName === undefined ? [] : [ModelName])));
    },
    (failure) => (isNotFound(failure, 'endpoint configuration') ? known(null) : null),
  );
}
