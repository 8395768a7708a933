import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Guard } from '../guard.ts';
import type { ConfigModels } from '../ports.ts';
import { Problem } from '../problems.ts';
import { type Served, versionIn } from '../served-model.ts';
import type { PointerSight } from '../serving/pointer.ts';
import type { Serving } from '../serving/serving.ts';

const packageFields = {
  packageArn: z.string().nullable().meta({ description: 'null: not made of one registered package.' }),
  version: z.int().nullable(),
};

const nextSchema = z.strictObject({ ...packageFields, rolloutId: z.string().nullable() });

const pointerSchema = z.strictObject({
  entry: z.int().meta({ description: "The entry of titanic's record that decided it." }),
  since: z.iso.datetime(),
  readSecondsAgo: z.number().meta({ description: 'How old what is known of it may be.' }),
});

export const modelSchema = z
  .strictObject({
    endpoint: z.string(),
    status: z.string().meta({ description: "SageMaker's own word, such as InService or Updating." }),
    ...packageFields,
    rolloutId: z.string().nullable().meta({ description: "The rollout of titanic's that brought it." }),
    since: z.iso.datetime().meta({ description: 'Since when this config is known to be live.' }),
    checkedAt: z.iso.datetime().meta({ description: 'When SageMaker was last asked.' }),
    variants: z.array(z.strictObject({ variant: z.string(), ...packageFields })),
    next: nextSchema.nullable().meta({ description: 'What an update under way leads to; null: none is known.' }),
    pointer: pointerSchema
      .nullable()
      .meta({ description: 'What says that it is this endpoint; null: the configuration does.' }),
  })
  .meta({ id: 'Model', title: 'What serves' });

const RETRY_SECONDS = 2;

/** GET /v1/model: from what was last read; never asks SageMaker itself. */
export function addModel(app: FastifyInstance, serving: Pick<Serving, 'now' | 'pointer'>, guard: Guard): void {
  app.get('/v1/model', { onRequest: guard }, async () => {
    const target = serving.now();
    const now = target?.current();
    if (target === undefined || now === undefined)
      throw new Problem('model-unknown', { retryAfterSeconds: RETRY_SECONDS });
    if (now === null) throw new Problem('no-model', { retryAfterSeconds: RETRY_SECONDS });
    return modelOf(target.endpointName, now, serving.pointer());
  });
}

function modelOf(endpoint: string, served: Served, pointer: PointerSight | undefined): z.infer<typeof modelSchema> {
  const { live, pending } = served;
  return {
    endpoint,
    status: served.endpoint.status,
    ...packageOf(live),
    since: new Date(served.sinceMs).toISOString(),
    checkedAt: new Date(served.checkedAtMs).toISOString(),
    variants: live.variants.map((one) => ({
      variant: one.variant,
      packageArn: one.packageArn,
      version: numberOrNull(versionIn(one)),
    })),
    next: pending === null ? null : packageOf(pending),
    pointer: pointer === undefined ? null : pointerOf(pointer),
  };
}

function pointerOf({ seq, at, readAgoMs }: PointerSight): z.infer<typeof pointerSchema> {
  return { entry: seq, since: at, readSecondsAgo: Math.round(readAgoMs / 100) / 10 };
}

/** Of the only variant; several of different packages have none in common. */
function packageOf({ variants, rolloutId }: ConfigModels) {
  const arns = [...new Set(variants.map((one) => one.packageArn))];
  const packageArn = arns.length === 1 ? (arns[0] ?? null) : null;
  return { packageArn, version: numberOrNull(versionIn({ packageArn })), rolloutId };
}

function numberOrNull(version: string | undefined): number | null {
  return version === undefined ? null : Number(version);
}
