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
  description = "Region of everything."
  type        = string
}

variable "image" {
  description = "The bot's image, by digest or by a tag that is never moved. null: only what has to be there before an image can be pushed."
  type        = string
  default     = null

  validation {
    condition     = var.image == null || can(regex("^[a-z0-9.:/_-]+(@sha256:[0-9a-f]{64}|:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})$", var.image))
    error_message = "Give a repository with @sha256:DIGEST or :TAG."
  }

  validation {
    condition     = var.image == null || !can(regex(":latest$", var.image))
    error_message = "latest moves by itself, so nobody could say what runs."
  }
}

variable "cpu_architecture" {
  description = "What the image was built for."
  type        = string
  default     = "ARM64"

  validation {
    condition     = contains(["ARM64", "X86_64"], var.cpu_architecture)
    error_message = "ARM64 or X86_64."
  }
}

variable "cpu" {
  description = "CPU units of a task; 1024 are one core."
  type        = number
  default     = 256

  validation {
    condition     = contains([256, 512, 1024, 2048], var.cpu)
    error_message = "256, 512, 1024 or 2048."
  }
}

variable "memory" {
  description = "Memory of a task in MB."
  type        = number
  default     = 512

  validation {
    condition     = var.memory >= 512 && var.memory <= 8192 && var.memory % 512 == 0
    error_message = "512 to 8192, in steps of 512."
  }
}

variable "desired_count" {
  description = "How many bots run at once. Two, so that one goes on while the other is replaced; any number is safe."
  type        = number
  default     = 2

  validation {
    condition     = var.desired_count >= 1 && var.desired_count <= 10
    error_message = "1 to 10."
  }
}

variable "vpc_id" {
  description = "The network."
  type        = string

  validation {
    condition     = can(regex("^vpc-[0-9a-z]+$", var.vpc_id))
    error_message = "The id of a VPC: vpc-..."
  }
}

variable "subnet_ids" {
  description = "Where tasks run: private subnets with a way out to Slack and AWS, of two zones."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "Two subnets at least, so that a zone may fail."
  }
}

variable "assign_public_ip" {
  description = "Only where the subnets have no other way out."
  type        = bool
  default     = false
}

variable "task_role_arn" {
  description = "The bot's own role (module iam)."
  type        = string
}

variable "execution_role_arn" {
  description = "What starts its tasks (module iam)."
  type        = string
}

variable "delivery" {
  description = "How Slack reaches the bot. socket: it calls out, nothing is open. http: behind a load balancer."
  type        = string
  default     = "socket"

  validation {
    condition     = contains(["socket", "http"], var.delivery)
    error_message = "socket or http."
  }
}

variable "http" {
  description = "For delivery http: the certificate, and the public subnets of the load balancer."
  type = object({
    certificate_arn     = string
    subnet_ids          = list(string)
    deletion_protection = optional(bool, true)
  })
  default = null

  validation {
    condition     = var.delivery != "http" || var.http != null
    error_message = "delivery http needs http."
  }

  validation {
    condition     = var.http == null || try(can(regex("^arn:aws[a-z-]*:acm:", var.http.certificate_arn)) && length(var.http.subnet_ids) >= 2, false)
    error_message = "A certificate of ACM and two subnets at least."
  }
}

variable "environment" {
  description = "More variables of the bot's environment, such as LOG_LEVEL or SLACK_APP_ID. Secrets do not belong here."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setintersection(keys(var.environment), ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "PORT"])) == 0
    error_message = "Tokens come from Secrets Manager, and PORT is fixed."
  }

  validation {
    condition     = contains(["trace", "debug", "info"], lookup(var.environment, "LOG_LEVEL", "info"))
    error_message = "Alarms read the bot's log: with less than info in it they would all go off."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept. They are not the evidence; that is the table."
  type        = number
  default     = 90
}

variable "secret_recovery_days" {
  description = "How long a deleted secret can be brought back; 0: not at all."
  type        = number
  default     = 30

  validation {
    condition     = var.secret_recovery_days == 0 || (var.secret_recovery_days >= 7 && var.secret_recovery_days <= 30)
    error_message = "0, or 7 to 30."
  }
}

variable "alarm_topic_arn" {
  description = "The SNS topic that alarms tell; null: they only change colour."
  type        = string
  default     = null
}
