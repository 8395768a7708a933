variable "table_name" {
  description = "Name of the table: aws.table of titanic.yml."
  type        = string
  default     = "titanic-rollouts"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_.-]{3,255}$", var.table_name))
    error_message = "A table name has 3 to 255 letters, digits or _ . -"
  }
}

variable "writer_principal_arns" {
  description = "Who may put items into the table: the bot's task role, and people or pipelines that use the titanic command. Everybody else is denied, administrators included."
  type        = list(string)

  validation {
    condition     = length(var.writer_principal_arns) > 0 && alltrue([for arn in var.writer_principal_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/.+$", arn))])
    error_message = "Name at least one writer, each by the ARN of a role or a user."
  }
}

variable "break_glass_principal_arns" {
  description = "Who may change or delete items in an emergency. Empty: nobody, until the table's policy is changed, which CloudTrail shows."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.break_glass_principal_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/.+$", arn))])
    error_message = "Each must be the ARN of a role or a user."
  }
}

variable "deletion_protection" {
  description = "Whether DeleteTable is refused. The record is the evidence: turn this off only to take everything down."
  type        = bool
  default     = true
}

variable "kms_key_arn" {
  description = "A key of your own for the table, whose policy lets the writers and readers use it through DynamoDB; null: the key that DynamoDB owns."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "Must be the ARN of a KMS key, or null."
  }
}

variable "tamper_alarm" {
  description = "Whether a stream and a pipe tell when an entry of a log is overwritten or removed."
  type        = bool
  default     = true
}

variable "alarm_topic" {
  description = "The SNS topic that is told; needed with tamper_alarm. Its name as well, because that is known before the topic exists, and the policy is rendered from it."
  type        = object({ name = string, arn = string })
  default     = null

  validation {
    condition     = !var.tamper_alarm || var.alarm_topic != null
    error_message = "tamper_alarm needs alarm_topic."
  }
}
