variable "region" {
  description = "Region of everything."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "A region looks like eu-west-1."
  }
}

variable "prefix" {
  description = "What every name begins with: prefix of titanic.yml."
  type        = string
  default     = "titanic-"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,20}-$", var.prefix))
    error_message = "Lower-case letters, digits and dashes, ending with a dash."
  }
}

variable "tags" {
  description = "On everything, made by Terraform or by titanic: tags of titanic.yml."
  type        = map(string)
  default     = { project = "titanic-sagemaker", tutorial_phase = "04" }
}

variable "services" {
  description = "The services of titanic.yml; see the modules iam and serving."
  type = map(object({
    model_package_group        = string
    create_model_package_group = optional(bool, true)
    staging_endpoint           = optional(string)
    prod_endpoint              = optional(string)
    expected_invocations       = optional(number, 0)
    max_p99_ms                 = optional(number, 1000)
  }))
}

variable "table_name" {
  description = "aws.table of titanic.yml."
  type        = string
  default     = "titanic-rollouts"
}

variable "model_data_arns" {
  description = "S3 objects that SageMaker may load models from."
  type        = list(string)
}

variable "model_repository_arns" {
  description = "ECR repositories of the images that models run in."
  type        = list(string)
}

variable "models_in_vpc" {
  description = "Whether titanic.yml puts any model into a network (vpc)."
  type        = bool
  default     = false
}

variable "model_kms_key_arns" {
  description = "Keys of kmsKeyId in titanic.yml, and those that model data is encrypted with."
  type        = list(string)
  default     = []
}

variable "named_alarms" {
  description = "Alarms of your own that titanic.yml names under prod.strategy.alarms."
  type        = list(string)
  default     = []
}

variable "named_alarms_composite" {
  description = "Whether one of them is a composite alarm; the models' role may then look at all alarms."
  type        = bool
  default     = false
}

variable "bot_principal_arns" {
  description = "Who else than ECS may be the bot: the role of a machine on which it runs, or an administrator who tries it out."
  type        = list(string)
  default     = []
}

variable "staging_principal_arns" {
  description = "Who else may take on the staging role, such as a pipeline's role. Nobody else may ever take on prod's."
  type        = list(string)
  default     = []
}

variable "allowed_instance_types" {
  description = "What an endpoint may run on: the cost guard."
  type        = object({ staging = list(string), prod = list(string) })
  default     = { staging = ["ml.t2.medium", "ml.m5.large"], prod = ["ml.m5.large", "ml.m5.xlarge"] }
}

variable "serverless_limits" {
  description = "The largest serverless endpoint."
  type        = object({ memory_mb = number, max_concurrency = number })
  default     = { memory_mb = 2048, max_concurrency = 10 }
}

variable "allow_prod_deletion" {
  description = "Whether the bot may delete a prod endpoint."
  type        = bool
  default     = false
}

variable "operator_may_append" {
  description = "Whether data-science-user may write to the record, which the command line's deploy and rollback need."
  type        = bool
  default     = false
}

variable "pipeline" {
  description = "The GitHub repository whose workflows may deploy to staging; null: none. See the module iam and docs/pipeline.md."
  type = object({
    repository         = string
    environments       = optional(list(string), [])
    branches           = optional(list(string), [])
    make_oidc_provider = optional(bool, true)
  })
  default = null
}

variable "break_glass_principal_arns" {
  description = "Who may change or delete items of the record in an emergency."
  type        = list(string)
  default     = []
}

variable "deletion_protection" {
  description = "Of the table and the load balancers."
  type        = bool
  default     = true
}

variable "tamper_alarm" {
  description = "Whether somebody is told when an entry of the record is overwritten or removed."
  type        = bool
  default     = true
}

variable "secret_recovery_days" {
  description = "How long a deleted secret can be brought back; 0: not at all."
  type        = number
  default     = 30
}

variable "cpu_architecture" {
  description = "What the images were built for: ARM64 or X86_64."
  type        = string
  default     = "ARM64"
}

variable "network" {
  description = "Where tasks run; null: no tasks, only roles, table, alarms."
  type = object({
    vpc_id           = string
    subnet_ids       = list(string)
    assign_public_ip = optional(bool, false)
  })
  default = null
}

variable "bot" {
  description = "The bot; see its module. http null: Socket Mode."
  type = object({
    image       = optional(string)
    tasks       = optional(number, 2)
    environment = optional(map(string), {})
    http = optional(object({
      certificate_arn     = string
      subnet_ids          = list(string)
      deletion_protection = optional(bool, true)
    }))
  })
  default = {}
}

variable "inference_api" {
  description = "The inference API; null: none. See its module."
  type = object({
    service         = string
    image           = optional(string)
    certificate_arn = string
    lb_subnet_ids   = list(string)
    internal        = optional(bool, true)
    allowed_cidrs   = list(string)
    environment     = optional(map(string), {})
    capacity = optional(object({
      min                 = optional(number, 2)
      max                 = optional(number, 10)
      requests_per_minute = optional(number, 6000)
    }), {})
    waf_requests_per_five_minutes = optional(number)
    private_link                  = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.inference_api == null || try(contains(keys(var.services), var.inference_api.service), false)
    error_message = "service has to be one of services."
  }
}

variable "local_endpoint" {
  description = "Address of a stand-in of AWS on this machine, for trying; null: AWS."
  type        = string
  default     = null

  validation {
    condition     = var.local_endpoint == null || can(regex("^http://(127\\.0\\.0\\.1|localhost):[0-9]+$", var.local_endpoint))
    error_message = "Only an address of this machine, such as http://127.0.0.1:5000."
  }
}
