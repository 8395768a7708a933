/** The one service of the sandbox's configuration, and what carries its name. */
export const SERVICE = 'survival';
export const TABLE = 'titanic-rollouts';
export const CHANNEL = 'C0TITANIC';
/** Who the page acts as at first: an operator, who may deploy and may not promote. */
export const FIRST_PERSON = 'U0OPERATOR';

export const ENDPOINTS = [
  { name: 'titanic-survival-staging', environment: 'staging' },
  { name: 'titanic-survival-prod', environment: 'prod' },
] as const;
