variable "prefix" {
  description = "What every name begins with: prefix of titanic.yml."
  type        = string
  default     = "titanic-"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,20}-$", var.prefix))
    error_message = "Lower-case letters, digits and dashes, ending with a dash."
  }

  # The name of the load balancer ends with inference-api.
  validation {
    condition     = length(var.prefix) <= 19
    error_message = "A load balancer's name has up to 32 characters, so the prefix has up to 19 where there is an inference API."
  }
}

variable "region" {
  description = "Region of everything."
  type        = string
}

variable "image" {
  description = "The image of the inference API, by digest or by a tag that is never moved. null: only what has to be there before an image can be pushed."
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

variable "vpc_id" {
  description = "The network."
  type        = string

  validation {
    condition     = can(regex("^vpc-[0-9a-z]+$", var.vpc_id))
    error_message = "The id of a VPC: vpc-..."
  }
}

variable "subnet_ids" {
  description = "Where tasks run: private subnets with a way out to AWS, of two zones."
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
  description = "The API's own role (module iam)."
  type        = string
}

variable "execution_role_arn" {
  description = "What starts its tasks (module iam)."
  type        = string
}

variable "log_retention_days" {
  description = "How long logs are kept; they hold no payloads."
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

variable "certificate_arn" {
  description = "The load balancer's certificate of ACM."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:acm:", var.certificate_arn))
    error_message = "The ARN of a certificate of ACM."
  }
}

variable "lb_subnet_ids" {
  description = "Where the load balancer stands, of two zones."
  type        = list(string)

  validation {
    condition     = length(var.lb_subnet_ids) >= 2
    error_message = "Two subnets at least."
  }
}

variable "internal" {
  description = "Whether the load balancer is reached only from inside the network."
  type        = bool
  default     = true
}

variable "allowed_cidrs" {
  description = "Who may call. There is no default: say it."
  type        = list(string)

  validation {
    condition     = length(var.allowed_cidrs) > 0 && alltrue([for cidr in var.allowed_cidrs : can(cidrhost(cidr, 0))])
    error_message = "At least one range, such as 10.0.0.0/8."
  }
}

variable "deletion_protection" {
  description = "Whether the load balancer refuses to be deleted."
  type        = bool
  default     = true
}

variable "environment" {
  description = "More variables of the API's environment, such as INFERENCE_API_AUTH = oidc and what belongs to it. By default callers prove themselves by keys of the secret that is made here."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setintersection(keys(var.environment), ["PORT", "INFERENCE_API_ENDPOINT", "INFERENCE_API_ALB_IDLE_SECONDS"])) == 0
    error_message = "PORT, the endpoint and the load balancer's patience are set by the module."
  }
}

variable "capacity" {
  description = "How few and how many tasks run, and how many requests one gets in a minute before there are more."
  type = object({
    min                 = optional(number, 2)
    max                 = optional(number, 10)
    requests_per_minute = optional(number, 6000)
  })
  default = {}

  validation {
    condition     = var.capacity.min >= 1 && var.capacity.max >= var.capacity.min && var.capacity.max <= 100 && var.capacity.requests_per_minute >= 1
    error_message = "1 <= min <= max <= 100, and at least one request a minute."
  }
}

variable "max_p95_ms" {
  description = "Above this p95 of the answers, a task is added."
  type        = number
  default     = 500

  validation {
    condition     = var.max_p95_ms > 0 && var.max_p95_ms <= 60000
    error_message = "1 to 60000."
  }
}

variable "waf_requests_per_five_minutes" {
  description = "More than this from one address is blocked; null: no firewall."
  type        = number
  default     = null

  validation {
    condition     = var.waf_requests_per_five_minutes == null || try(var.waf_requests_per_five_minutes >= 10 && var.waf_requests_per_five_minutes <= 2000000000, false)
    error_message = "At least 10, or null."
  }
}

variable "private_link_endpoint_arns" {
  description = "The SageMaker endpoints that may be asked through a private link to sagemaker.runtime, which nobody in the network but the API takes; empty: no private link, requests leave by the subnets' own way."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.private_link_endpoint_arns : can(regex("^arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:[0-9]{12}:endpoint/.+$", arn))])
    error_message = "Each must be the ARN of a SageMaker endpoint."
  }
}

variable "endpoint_name" {
  description = "The SageMaker endpoint that is asked: prod of a service, such as titanic-survival-prod."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$", var.endpoint_name))
    error_message = "An endpoint's name has up to 63 letters and digits, dashes between."
  }
}
