variable "prefix" {
  description = "What every name begins with: prefix of titanic.yml."
  type        = string
  default     = "titanic-"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,20}-$", var.prefix))
    error_message = "Lower-case letters, digits and dashes, ending with a dash."
  }
}

variable "services" {
  description = "The services of titanic.yml. Only their endpoints, groups and logs may be touched, so a new service needs an apply."
  type = map(object({
    model_package_group = string
    staging_endpoint    = optional(string)
    prod_endpoint       = optional(string)
  }))

  # SageMaker writes names in lower case into ARNs, so a name with capitals would never match a policy.
  validation {
    condition     = length(var.services) > 0 && length(var.services) <= 10 && alltrue([for name, _ in var.services : can(regex("^[a-z0-9](-*[a-z0-9]){0,30}$", name))])
    error_message = "Name one to ten services, in lower-case letters, digits and dashes between, at most 31 long."
  }

  # Else the prod configs of one service could look like staging configs of another.
  validation {
    condition     = alltrue([for name, _ in var.services : !can(regex("(^|-)(staging|prod)(-|$)", name))])
    error_message = "staging and prod are the environments; a service cannot have them in its name."
  }

  validation {
    condition     = alltrue([for _, s in var.services : can(regex("^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$", s.model_package_group))])
    error_message = "A model package group has up to 63 letters and digits, dashes between. Give the name, not the ARN."
  }
}

variable "tags" {
  description = "The tags that titanic.yml puts on everything; what does not carry them cannot be updated or deleted."
  type        = map(string)
  default     = { project = "titanic-sagemaker", tutorial_phase = "04" }

  validation {
    condition     = length(var.tags) > 0
    error_message = "Without tags, everything that has the prefix could be deleted."
  }
}

variable "table_name" {
  description = "aws.table of titanic.yml."
  type        = string
  default     = "titanic-rollouts"
}

variable "allowed_instance_types" {
  description = "What an endpoint may run on. The cost guard: a config with anything else is refused by AWS. IAM cannot limit how many; service quotas can."
  type        = object({ staging = list(string), prod = list(string) })
  default     = { staging = ["ml.t2.medium", "ml.m5.large"], prod = ["ml.m5.large", "ml.m5.xlarge"] }

  validation {
    condition     = alltrue([for t in concat(var.allowed_instance_types.staging, var.allowed_instance_types.prod) : can(regex("^ml\\.[a-z0-9-]+\\.[a-z0-9]+$", t))])
    error_message = "Instance types of SageMaker look like ml.m5.large."
  }
}

variable "serverless_limits" {
  description = "The largest serverless endpoint: memory in MB and requests at once."
  type        = object({ memory_mb = number, max_concurrency = number })
  default     = { memory_mb = 2048, max_concurrency = 10 }

  validation {
    condition     = contains([1024, 2048, 3072, 4096, 5120, 6144], var.serverless_limits.memory_mb) && var.serverless_limits.max_concurrency >= 1 && var.serverless_limits.max_concurrency <= 200
    error_message = "memory_mb is 1024 to 6144 in steps of 1024, max_concurrency 1 to 200."
  }
}

variable "allow_prod_deletion" {
  description = "Whether the bot may delete a prod endpoint, which only `titanic cleanup --target prod` or `all` does. Turn it on for the day on which everything is taken down."
  type        = bool
  default     = false
}

variable "model_data_arns" {
  description = "S3 objects that SageMaker may load models from, such as arn:aws:s3:::my-bucket/models/*."
  type        = list(string)

  validation {
    condition     = length(var.model_data_arns) > 0 && alltrue([for arn in var.model_data_arns : can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9.-]{3,63}/.+$", arn))])
    error_message = "Name at least one, with bucket and key: arn:aws:s3:::BUCKET/KEYS*."
  }
}

variable "model_repository_arns" {
  description = "ECR repositories of the images that models run in; those of AWS itself are in other accounts and need to be named as well."
  type        = list(string)

  validation {
    condition     = length(var.model_repository_arns) > 0 && alltrue([for arn in var.model_repository_arns : can(regex("^arn:aws[a-z-]*:ecr:[a-z0-9-]+:[0-9]{12}:repository/.+$", arn))])
    error_message = "Each must be the ARN of an ECR repository."
  }
}

variable "named_alarms" {
  description = "Alarms of your own that titanic.yml names under prod.strategy.alarms: SageMaker looks at them with the models' role. Names, in the same account and region."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.named_alarms : can(regex("^[^*?:]{1,255}$", name))])
    error_message = "Each is the full name of an alarm, without wildcards; not its ARN."
  }
}

variable "named_alarms_composite" {
  description = "Whether one of named_alarms is a composite alarm. CloudWatch shows those only to who may look at all, so the models' role then may."
  type        = bool
  default     = false
}

variable "operator_name" {
  description = "The human operator's IAM user."
  type        = string
  default     = "data-science-user"

  validation {
    condition     = can(regex("^[\\w+=,.@-]{1,64}$", var.operator_name))
    error_message = "An IAM user has 1 to 64 letters, digits or + = , . @ - _"
  }
}

variable "operator_may_append" {
  description = "Whether the operator may write to the record, which `titanic deploy` and `titanic rollback` on the command line need. Whoever may write to the record could write an approval into it: see docs/security.md."
  type        = bool
  default     = false
}

variable "bot_principal_arns" {
  description = "Who else than ECS may be the bot: the role of a machine on which it runs, or an administrator who tries it out. They can do whatever the bot can."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.bot_principal_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[^*?]+$", arn))])
    error_message = "Each must be the ARN of a role or a user, without wildcards."
  }
}

variable "staging_principal_arns" {
  description = "Who else may take on the staging role: a pipeline's role, for `titanic deploy --wait` where no bot runs. The prod role is the bot's alone, and there is no variable for it."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.staging_principal_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/.+$", arn))])
    error_message = "Each must be the ARN of a role or a user."
  }
}

variable "pipeline" {
  description = "The GitHub repository whose workflows may deploy to staging and append to the record; null: none. Name the environments of GitHub, or the branches, that its jobs run in. `repository` is what stands in the token's `sub` behind `repo:`: owner/name, or of a newer repository with their numbers, owner@1234/name@5678."
  type = object({
    repository         = string
    environments       = optional(list(string), [])
    branches           = optional(list(string), [])
    make_oidc_provider = optional(bool, true)
  })
  default = null

  validation {
    condition     = var.pipeline == null || can(regex("^[\\w.-]+(@[0-9]+)?/[\\w.-]+(@[0-9]+)?$", var.pipeline.repository))
    error_message = "One repository, as owner/name or owner@1234/name@5678, without wildcards."
  }

  validation {
    condition     = var.pipeline == null || try(length(concat(var.pipeline.environments, var.pipeline.branches)) > 0, false)
    error_message = "Name at least one environment or branch; any branch at all could be pushed by anybody who may write."
  }

  # A colon would end the name within the token's subject, and a wildcard would do nothing but look like one.
  validation {
    condition     = var.pipeline == null || alltrue([for name in try(concat(var.pipeline.environments, var.pipeline.branches), []) : can(regex("^[\\w][\\w ./-]*$", name))])
    error_message = "Environments and branches are named in full: letters, digits and _ . / - only."
  }
}

variable "models_in_vpc" {
  description = "Whether titanic.yml puts any model into a network (vpc); the models' role then may make network interfaces."
  type        = bool
  default     = false
}

variable "model_kms_key_arns" {
  description = "Keys of kmsKeyId in titanic.yml, and those that model data is encrypted with."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.model_kms_key_arns : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", arn))])
    error_message = "Each must be the ARN of a KMS key."
  }
}
