# What stands around the endpoints. The endpoints themselves are titanic's, never Terraform's: see the README.

locals {
  endpoints = merge(
    { for name, s in var.services : "${name}-staging" => {
      service     = name
      environment = "staging"
      name        = coalesce(s.staging_endpoint, "${var.prefix}${name}-staging")
      max_p99_ms  = s.max_p99_ms
      expected    = 0
    } },
    { for name, s in var.services : "${name}-prod" => {
      service     = name
      environment = "prod"
      name        = coalesce(s.prod_endpoint, "${var.prefix}${name}-prod")
      max_p99_ms  = s.max_p99_ms
      expected    = s.expected_invocations
    } },
  )
  groups  = toset([for _, s in var.services : s.model_package_group if s.create_model_package_group])
  actions = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]
  # titanic always gives its only variant this name.
  variant = "AllTraffic"
}

resource "aws_sagemaker_model_package_group" "group" {
  for_each                        = local.groups
  model_package_group_name        = each.value
  model_package_group_description = "Model versions that titanic rolls out"
}

# SageMaker would create them itself, with logs that are kept for ever.
resource "aws_cloudwatch_log_group" "endpoint" {
  for_each          = local.endpoints
  name              = "/aws/sagemaker/Endpoints/${each.value.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}
