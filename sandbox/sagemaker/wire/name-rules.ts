import type { TextRule } from './input-reader.ts';

/** Endpoint, endpoint-config, variant, package and group names: no underscore, no trailing hyphen, at most 63. */
export const entityName: TextRule = { max: 63, pattern: '[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}' };

/** Model names follow a pattern of their own. */
export const modelName: TextRule = { max: 63, pattern: '[a-zA-Z0-9]([\\-a-zA-Z0-9]*[a-zA-Z0-9])?' };

export const roleArn: TextRule = {
  min: 20,
  max: 2048,
  pattern: 'arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
};

/** A group by name or ARN. */
export const groupNameOrArn: TextRule = {
  min: 1,
  max: 170,
  pattern:
    '(arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]{9,16}:[0-9]{12}:model-package-group/)?[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}',
};

/** A package by name, `group/version` or ARN. */
export const packageNameOrArn: TextRule = {
  min: 1,
  max: 176,
  pattern:
    '(arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]{9,16}:[0-9]{12}:model-package/)?[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}(/[0-9]{1,9})?',
};

export const resourceArn: TextRule = { max: 256, pattern: 'arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:.+' };

export const nameContains: TextRule = { max: 63, pattern: '[a-zA-Z0-9\\-]+' };

export const clientToken: TextRule = { min: 1, max: 36, pattern: '[a-zA-Z0-9-]+' };
