import { createHash } from 'node:crypto';
import { arnOf } from '../account.ts';
import type { FleetContainer } from '../endpoint/endpoint-record.ts';
import type { OperationContext } from '../operation.ts';
import { notFound } from '../wire/aws-error.ts';
import { type JsonObject, objectMember, objectsMember, textMember } from '../wire/json-value.ts';
import type { PackageRecord } from '../world.ts';

/** A package by name, `group/version` or ARN; refuses when there is none. */
export function findPackage(context: OperationContext, nameOrArn: string): PackageRecord {
  const arn = nameOrArn.startsWith('arn:') ? nameOrArn : arnOf(context.account, 'model-package', nameOrArn);
  const found = context.world.packages.get(arn.toLowerCase());
  if (found === undefined) throw notFound('model package', arn);
  return found;
}

/** What a container definition comes down to: its own image, or those of the package it names. */
export function servedContainers(context: OperationContext, definition: JsonObject): FleetContainer[] {
  const packageName = textMember(definition, 'ModelPackageName');
  if (packageName === undefined) return [resolved(context, definition, undefined)];
  const found = findPackage(context, packageName);
  const containers = objectsMember(objectMember(found.members, 'InferenceSpecification'), 'Containers');
  return containers.map((container) => resolved(context, container, found.arn));
}

function resolved(context: OperationContext, container: JsonObject, packageArn: string | undefined): FleetContainer {
  const image = textMember(container, 'Image') ?? '';
  const digest = textMember(container, 'ImageDigest') ?? registeredDigest(context, image) ?? digestOf(image);
  return {
    specifiedImage: image,
    resolvedImage: atDigest(image, digest),
    modelDataUrl: textMember(container, 'ModelDataUrl'),
    modelPackageArn: packageArn,
    ...(textMember(container, 'ProductId') === undefined ? {} : { marketplace: true }),
  };
}

/** The digest that the registry holds for an image, for models that name the image rather than the package. */
function registeredDigest(context: OperationContext, image: string): string | undefined {
  for (const candidate of context.world.packages.values()) {
    const containers = objectsMember(objectMember(candidate.members, 'InferenceSpecification'), 'Containers');
    const match = containers.find((container) => textMember(container, 'Image') === image);
    const digest = match && textMember(match, 'ImageDigest');
    if (digest !== undefined) return digest;
  }
  return undefined;
}

/** A digest made of a text, for images whose content does not exist. */
export function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** `repository:tag` as `repository@digest`. */
export function atDigest(image: string, digest: string): string {
  return `${image.replace(/(@sha256:.*|:[^/:]+)$/, '')}@${digest}`;
}
