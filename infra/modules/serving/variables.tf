variable "services" {
  description = "The services of titanic.yml: their Model Registry group and, where they are not the derived ones, the names of their endpoints."
  type = map(object({
    model_package_group        = string
    create_model_package_group = optional(bool, true)
    staging_endpoint           = optional(string)
    prod_endpoint              = optional(string)
    # Requests that prod always gets within 15 minutes; 0: none are expected, and silence is no alarm.
    expected_invocations = optional(number, 0)
    # What an answer of the model may take, milliseconds.
    max_p99_ms = optional(number, 1000)
  }))

  validation {
    condition     = length(var.services) > 0 && alltrue([for name, _ in var.services : can(regex("^[a-z0-9](-*[a-z0-9]){0,30}$", name))])
    error_message = "Name at least one service, in lower-case letters, digits and dashes between, at most 31 long."
  }

  validation {
    condition     = alltrue([for _, s in var.services : can(regex("^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$", s.model_package_group))])
    error_message = "A model package group has up to 63 letters and digits, dashes between."
  }

  validation {
    condition     = alltrue([for _, s in var.services : s.max_p99_ms > 0 && s.max_p99_ms <= 60000 && s.expected_invocations >= 0])
    error_message = "max_p99_ms is between 1 and 60000 (SageMaker gives up after 60 s), and expected_invocations is not negative."
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

variable "region" {
  description = "Region of the endpoints, for the dashboard."
  type        = string
}

variable "alarm_topic_arn" {
  description = "The SNS topic that alarms tell; null: they only change colour."
  type        = string
  default     = null
}

variable "log_retention_days" {
  description = "How long what containers log is kept."
  type        = number
  default     = 90

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch knows only certain numbers of days: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, ..."
  }
}

variable "kms_key_arn" {
  description = "A key of your own for the logs; null: CloudWatch's."
  type        = string
  default     = null
}
